// `tocsin doctor`: asks the ledger whether every promise was kept.
import { chainState } from '#store/audit-chain.ts';
import { account, examine, refusals } from '#store/doctor.ts';
import { CannotOpen } from '#store/secrets.ts';
import { auditHeadFile, readAuditHead } from '../app/audit-head.ts';
import type { OperatorWorld } from './operator-world.ts';
import { noFurther } from './read-flags.ts';
import type { Verb } from './verb.ts';
import { many } from './words.ts';

export const doctor: Verb = {
  name: 'doctor',
  title: 'check that nothing was lost and nobody was left untold; works while Tocsin runs',
  usage: ['doctor'],
  async run({ args, open, print, now, config }) {
    noFurther(args, 'doctor');
    const world = await open();
    try {
      const settings = await refusals(world.database);
      const findings = await examine(world.database, now);
      const { events, alerts, burning, notifications, ...counted } = await account(world.database);
      print(`${many(events, 'event is kept', 'events are kept')}.`);
      print(
        `${many(alerts, 'alert is kept', 'alerts are kept')}; ${burning === 0 ? 'none burns' : many(burning, 'burns', 'burn')} now.`,
      );
      print(`${many(notifications, 'notification is kept', 'notifications are kept')}; ${parts(counted)}.`);
      const trail = await trailOf(world, config.dataDir);
      print(trail.text);
      for (const text of settings) print(`WRONG  ${text}`);
      for (const { weight, check, count, text, examples } of findings) {
        const shown = examples.join(', ') + (count > examples.length ? ', …' : '');
        print(`${weight === 'wrong' ? 'WRONG' : 'note '}  ${text} [${check}]: ${shown}`);
      }
      const wrong =
        (trail.ok ? 0 : 1) + settings.length + findings.filter(({ weight }) => weight === 'wrong').length;
      print(
        wrong === 0
          ? 'All promises are kept.'
          : `${many(wrong, 'kind of trouble was found', 'kinds of trouble were found')}.`,
      );
      return wrong === 0 ? 0 : 1;
    } finally {
      await world.close();
    }
  },
};

/** What became of the notifications; together it is all of them. */
function parts({ sent, held, together, trial, dropped, dead, waiting }: Record<string, number>): string {
  const more = [
    [together, 'was told with another', 'were told with others'],
    [trial, 'was on trial', 'were on trial'],
    [dropped, 'was not told for a reason that is kept', 'were not told for reasons that are kept'],
    [waiting, 'is on its way', 'are on their way'],
    [dead, 'could not be told', 'could not be told'],
  ] as const;
  return [
    many(sent, 'was sent', 'were sent'),
    many(held, 'is held back', 'are held back'),
    ...more.flatMap(([count, one, all]) => (count ? [many(count, one, all)] : [])),
  ].join(', ');
}

/** Whether the trail of who did what is as it was written. */
async function trailOf(world: OperatorWorld, dataDir: string): Promise<{ ok: boolean; text: string }> {
  try {
    const known = readAuditHead(dataDir);
    const { bound, broken } = await chainState(world.database.db, world, known);
    const outside = broken ? broken.outside && broken : known?.fault && { id: known.link, why: known.fault };
    if (outside) {
      const after = `After a backup that you put back yourself, remove ${auditHeadFile(dataDir)}`;
      const text = `WRONG  the audit trail was changed at ${outside.id}: ${outside.why}. ${after} [audit-chain]`;
      return { ok: false, text };
    }
    if (broken)
      return {
        ok: false,
        text: `WRONG  the audit trail was changed at ${broken.id}: ${broken.why} [audit-chain]`,
      };
    return {
      ok: true,
      text: `${many(bound, 'record of who did what is as it was', 'records of who did what are as they were')} written.`,
    };
  } catch (error) {
    if (!(error instanceof CannotOpen)) throw error;
    return { ok: true, text: `note   the audit trail cannot be looked at: ${error.message} [audit-chain]` };
  }
}
