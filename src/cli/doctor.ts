// `tocsin doctor`: asks the ledger whether every promise was kept.
import { account, examine, refusals } from '#store/doctor.ts';
import type { Verb } from './verb.ts';

export const doctor: Verb = {
  name: 'doctor',
  title: 'check that nothing was lost and nobody was left untold; works while Tocsin runs',
  usage: ['doctor'],
  async run({ open, print, now }) {
    const world = await open();
    try {
      const settings = await refusals(world.database);
      const findings = await examine(world.database, now);
      const { events, alerts, burning, notifications, sent, held } = await account(world.database);
      print(
        `${events} events, ${alerts} alerts (${burning} burning), ${notifications} notifications (${sent} sent, ${held} held).`,
      );
      for (const text of settings) print(`WRONG  ${text}`);
      for (const { weight, check, count, text, examples } of findings) {
        const shown = examples.join(', ') + (count > examples.length ? ', …' : '');
        print(`${weight === 'wrong' ? 'WRONG' : 'note '}  ${count} × ${text} [${check}]: ${shown}`);
      }
      const wrong = settings.length + findings.filter(({ weight }) => weight === 'wrong').length;
      print(wrong === 0 ? 'All promises are kept.' : `${wrong} kinds of trouble.`);
      return wrong === 0 ? 0 : 1;
    } finally {
      await world.close();
    }
  },
};
