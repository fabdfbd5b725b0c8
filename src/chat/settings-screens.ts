// Screens about how somebody wants to be told: settings, quiet hours, the morning.
import { sayClock } from '#core/hours.ts';
import type { Settings } from '#core/owner.ts';
import type { Quiet } from '#core/quiet.ts';
import { settingsOf } from '#store/people.ts';
import type { ChatContext } from './context.ts';
import { forumLine } from './forum-screens.ts';
import { type Html, lines } from './html.ts';
import * as say from './locales/care.ts';
import { digestLabel } from './locales/digest.ts';
import { forumLabel } from './locales/forum.ts';
import * as labels from './locales/labels.ts';
import * as sayQuiet from './locales/quiet.ts';
import * as saySettings from './locales/settings.ts';
import type { Choice, Screen } from './screen.ts';

/** The settings of this place: a person's in the private chat, a group's in the group. */
export async function settingsScreen(ctx: ChatContext): Promise<Screen> {
  const { world } = ctx.deps;
  const settings = await settingsOf(world.database.db, ctx.ownerId, world.defaultZone);
  const topics = await forumLine(ctx);
  const forum: Choice[] = topics ? [{ label: forumLabel, action: 'forum' }] : [];
  return ctx.group
    ? groupSettings(ctx, settings, topics, forum)
    : ownSettings(settings, topics, forum, ctx.now);
}

function groupSettings(
  ctx: ChatContext,
  settings: Settings,
  topics: Html | undefined,
  forum: Choice[],
): Screen {
  const link = `https://t.me/${ctx.me.username}?start=settings`;
  return {
    text: lines(saySettings.groupSettings(ctx.group?.title ?? '', settings, ctx.now), topics),
    rows: [
      [
        { label: saySettings.zoneLabel, action: 'place', payload: 'later' },
        { label: saySettings.morningLabel, action: 'morning' },
        { label: saySettings.quietLabel, action: 'quiet' },
      ],
      [{ label: say.followUp, action: 'care' }, { label: digestLabel, action: 'digest' }, ...forum],
      [{ label: saySettings.ownSettings, link }],
    ],
  };
}

function ownSettings(
  settings: Settings & { name: string },
  topics: Html | undefined,
  forum: Choice[],
  now: number,
): Screen {
  return {
    text: lines(saySettings.settingsScreen(settings, now), topics),
    rows: [
      [
        { label: saySettings.zoneLabel, action: 'place', payload: 'later' },
        { label: saySettings.morningLabel, action: 'morning' },
        { label: saySettings.quietLabel, action: 'quiet' },
      ],
      [
        { label: say.awayLabel, action: 'away' },
        { label: say.followUp, action: 'care' },
        { label: digestLabel, action: 'digest' },
      ],
      [...forum, { label: labels.myRules, action: 'rules', payload: '0' }],
    ],
  };
}

/** Quiet hours: the usual ones as buttons, and what may break through. */
export function quietScreen(quiet: Quiet | null): Screen {
  const windows: [number, number][] = [
    [21 * 60, 7 * 60],
    [22 * 60, 7 * 60],
    [23 * 60, 8 * 60],
  ];
  const choices = windows.map(
    ([from, to]): Choice => ({
      label: `${sayClock(from)}–${sayClock(to)}`,
      action: 'quiet',
      payload: `${from} ${to}`,
    }),
  );
  const rows: Choice[][] = [choices];
  if (quiet) {
    const others = ([null, 'warning', 'critical'] as const).filter((one) => one !== quiet.breakthrough);
    rows.push(
      others.map(
        (severity): Choice => ({
          label: sayQuiet.breaks(severity),
          action: 'quiet',
          payload: `break ${severity ?? 'none'}`,
        }),
      ),
    );
    rows.push([{ label: sayQuiet.quietOff, action: 'quiet', payload: 'off' }]);
  }
  return { text: sayQuiet.quietScreen(quiet), rows };
}

/** The question when somebody’s morning is; `morning` in minutes from midnight. */
export function morningScreen(morning: number): Screen {
  const choices = [6, 7, 8, 9, 10].map(
    (hour): Choice => ({ label: sayClock(hour * 60), action: 'morning', payload: String(hour * 60) }),
  );
  return {
    text: saySettings.morningAsk(morning),
    rows: [choices, [{ label: labels.back, action: 'settings' }]],
  };
}
