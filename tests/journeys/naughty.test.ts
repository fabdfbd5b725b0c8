// Names and texts that are up to no good, in every field and on every screen: readable, and nothing breaks.
import { expect } from 'vitest';
import { story } from './story.ts';

const texts = [
  '<b>bold</b>',
  '</code><a href="https://evil.example">x</a>',
  '&lt;&amp;&#0;',
  '@all @channel',
  '/stop',
  'https://evil.example/?a=1&b=2',
  '\u202egnp.exe',
  'مرحبا שלום',
  '👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉A̴̵̜̰͔ͫ͗͢',
  '_*`[md](x)`*_',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is one of them
  '{{7*7}} ${7*7} %s',
  '__proto__',
  "'; drop table rules; --",
  ' \t ',
  '💥'.repeat(500),
  '<'.repeat(3000),
  'word '.repeat(600),
];

story(
  'in subjects, fields, labels and values of events: each is told, and each ends',
  async (world) => {
    const { ana } = world;
    await world.enrols(ana);
    await ana.says('/watch odd.** level > 5 named "Odd"');
    ana.expects('Saved: Odd.');
    const event = (text: string, level: number, i: number) => ({
      type: `odd.t${i}`,
      subject: text.slice(0, 250),
      data: { level, note: text, [text.slice(0, 60)]: 1, deep: { [text.slice(0, 60)]: text } },
      labels: { host: text.slice(0, 250) },
    });
    for (const [i, text] of texts.entries()) {
      await world.post(event(text, 9, i));
      ana.expects('🟠 Odd');
      await world.advance('1m');
      await world.post(event(text, 1, i));
      const over = ana.expects(/^✅ Odd.*is over/s);
      expect([...over.text].length).toBeLessThanOrEqual(3500);
      await world.advance('1m');
    }
    await world.post(texts.slice(0, 8).map((text, i) => event(text, 9, i)));
    await world.advance('1m');
    await ana.says('/alerts');
    ana.expects('8 alerts burn');
    await ana.presses('Acknowledge 1');
    await ana.presses('Why');
    ana.expects('Why you were told');
  },
  { takes: 90_000 },
);

story(
  'in the names of rules, topics and people, and in everything that is typed',
  async (world) => {
    const { ana, telegram } = world;
    telegram.person(ana.id, { first_name: '<i>Ana</i> @all & 💥', username: 'ana' });
    await ana.starts();
    ana.expects('Hello <i>Ana</i> @all & 💥.');
    await ana.presses('Another place');
    for (const text of texts.slice(0, 8)) await ana.says(text);
    await ana.says('/cancel');
    await world.post({ type: 'odd.t', subject: '<b>', data: { state: texts[0], level: 3 } });
    for (const text of texts) {
      await ana.says(`/watch odd.t level > 5 named "${text.slice(0, 90).replaceAll('"', '')}"`);
      await ana.says(`/watch ${text}`);
      await ana.says(`/silence ${text}`);
      await ana.says(`/quiet ${text}`);
      await ana.says(`/${text}`);
      await ana.says(text.trim() === '' ? 'x' : text);
      await world.advance('20s');
    }
    await ana.says('/rules');
    ana.expects(/\d+ rules, page 1/);
    await ana.says('/silence');
    ana.expects(/muted/i);
    await world.post({ type: 'odd.t', subject: '</b>', data: { level: 8 } });
    await world.advance('5m');
    expect(ana.transcript()).toContain('</b>');
    expect(ana.transcript()).not.toContain('went wrong on my side');
  },
  { takes: 120_000 },
);

story(
  'in Alertmanager’s annotations and a group’s title',
  async (world) => {
    const { ana, team, telegram } = world;
    await world.enrols(ana);
    telegram.group(team.id, '<b>Team</b> & /stop');
    team.addBot(telegram.person(ana.id));
    await world.settle();
    ana.expects('I tell <b>Team</b> & /stop when', { in: team });
    await ana.says('/watch alertmanager.**', { in: team });
    for (const [i, text] of texts.entries()) {
      const labels = { alertname: text.slice(0, 200), instance: `host ${i}`, severity: 'warning' };
      const annotations = { summary: text, description: text };
      const alert = {
        status: 'firing',
        labels,
        annotations,
        startsAt: '2026-05-04T10:00:00Z',
        fingerprint: `f${i}`,
      };
      const answer = await world.pushes('alertmanager', { version: '4', status: 'firing', alerts: [alert] });
      expect(answer.status).toBe(202);
      await world.advance('10s');
    }
    await ana.says('/alerts', { in: team });
    ana.expects(`${texts.length} alerts burn`, { in: team });
  },
  { takes: 90_000 },
);
