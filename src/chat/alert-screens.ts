// Screens about alerts: what burns now.
import { openAlertsOf } from '#store/alert-lists.ts';
import { rulesOf } from '#store/rules.ts';
import { topicsSeen } from '#store/topics.ts';
import type { ChatContext } from './context.ts';
import { html, lines } from './html.ts';
import * as sayAlerts from './locales/alerts.ts';
import { wholeLabel } from './locales/files.ts';
import * as labels from './locales/labels.ts';
import type { Choice, Screen } from './screen.ts';

const mostShown = 8;

/** What burns in this place, worst first, each with its button; or that nothing does. */
export async function alertsScreen(ctx: ChatContext): Promise<Screen> {
  const { db } = ctx.deps.world.database;
  const open = await openAlertsOf(db, [ctx.ownerId], 1000);
  if (open.length === 0) {
    const rules = await rulesOf(db, [ctx.ownerId]);
    const paused = rules.filter((rule) => rule.paused).length;
    const [last] = await topicsSeen(db, { limit: 1 });
    return {
      text: sayAlerts.nothingBurns({ rules: rules.length, paused }, last?.lastAt, ctx.now),
      rows: [
        [
          { label: labels.rulesLabel, action: 'rules', payload: '0' },
          { label: labels.newRule, action: 'new-rule' },
        ],
      ],
    };
  }
  const shown = open.slice(0, mostShown);
  const rows = shown.flatMap((alert, i): Choice[][] =>
    alert.status === 'firing'
      ? [
          [
            {
              label: sayAlerts.ackLabel(i + 1, alert),
              action: 'acknowledge-here',
              alertId: alert.id,
              rev: alert.rev,
            },
          ],
        ]
      : [],
  );
  return {
    text: lines(
      sayAlerts.burning(open.length, shown.length),
      ...shown.map((alert, i) => html`${i + 1}. ${sayAlerts.alertLine(alert, ctx.zone, ctx.now)}`),
    ),
    rows: [
      ...rows,
      [
        // An answer to a list of one is about that one.
        {
          label: labels.lookAgain,
          action: 'alerts',
          ...(open.length === 1 && open[0] ? { alertId: open[0].id } : {}),
        },
        ...(open.length > shown.length ? [{ label: wholeLabel, action: 'whole', payload: 'open' }] : []),
      ],
    ],
  };
}
