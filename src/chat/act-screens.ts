// Screens of an action that was pressed: the question, and what became of it.
import type { Pressed } from '#operations/press-action.ts';
import { type Act, findAct } from '#store/acts.ts';
import { findAlert } from '#store/find-alerts.ts';
import type { ChatContext } from './context.ts';
import * as say from './locales/acts.ts';
import * as labels from './locales/labels.ts';
import * as refusals from './locales/refusals.ts';
import type { Choice, Screen } from './screen.ts';

/** The target and what is sent, with a button for the one who asked. */
export async function askScreen(ctx: ChatContext, { act, last }: Pressed): Promise<Screen> {
  const { zone, now } = ctx;
  return {
    text: say.ask({ act, last, alert: await alertOf(ctx, act), zone, now }),
    rows: [
      [
        { label: say.yes, action: 'act-yes', payload: act.id, style: 'danger' },
        { label: say.no, action: 'act-no', payload: act.id },
      ],
    ],
  };
}

/** How it stands; what nobody knows, a human may try again. */
export async function actScreen(ctx: ChatContext, actId: string): Promise<Screen> {
  const act = await findAct(ctx.deps.world.database.db, actId);
  if (!act || act.chatId !== ctx.chatId) return { text: refusals.refused(refusals.foreignButton) };
  const { zone, now } = ctx;
  const open = act.status === 'confirmed' || act.status === 'calling';
  const repeat: Choice = { label: say.again, action: 'act', payload: act.actionId, alertId: act.alertId };
  return {
    text: say.screen({ act, alert: await alertOf(ctx, act), zone, now }),
    rows: [
      [
        ...(open ? [{ label: labels.lookAgain, action: 'act-look', payload: act.id }] : []),
        ...(act.status === 'unknown' || act.status === 'failed' ? [repeat] : []),
      ],
    ].filter((row) => row.length > 0),
  };
}

const alertOf = (ctx: ChatContext, { alertId }: Act) => findAlert(ctx.deps.world.database.db, alertId);
