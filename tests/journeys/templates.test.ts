// Words of people's own: a rule's, a topic's, and what happens when they fail.
import { eq } from 'drizzle-orm';
import { expect } from 'vitest';
import { editRule } from '#operations/edit-rule.ts';
import { deliveries } from '#store/schema/notifications.ts';
import { rules } from '#store/schema/rules.ts';
import { kindBook } from '../../src/evaluate/kind-book.ts';
import { story } from './story.ts';

const operator = { is: 'operator', name: 'the story' } as const;

const disk = (usage: number, host = 'cad1') => ({
  type: 'disk.usage',
  subject: '/home',
  data: { usage, host },
});
const rule = {
  name: 'Disk',
  topic: 'disk.usage',
  kind: 'threshold',
  params: { field: 'usage', op: '>', limit: 90 },
};

story(
  'a topic is worded by an admin, in its units, and each rule may say it in its own words',
  async (world) => {
    const { ana } = world;
    await world.enrols(ana);
    const put = (topic: string, body: object) =>
      world.app.request(`/v1/templates/${topic}`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${world.key}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await put('disk.**', { units: { usage: '%' } })).status).toBe(200);
    const made = await world.makesRule(ana, rule);
    await world.post(disk(93.5));
    expect(ana.expects('Disk: /home').text).toContain('93.5 %, limit 90.');
    await world.post(disk(50));
    expect(ana.expects('is over').text).toContain('50 %, limit 90, after');

    const worded = {
      title: '{{ host }} fills up',
      text: 'It is at {{ value }}.',
      over: 'Room again: {{ value }}.',
    };
    expect((await put('disk.usage', worded)).status).toBe(200);
    await world.post(disk(95));
    const told = ana.expects('cad1 fills up');
    expect(told.text).toContain('It is at 95 %.');
    expect(told.text).not.toContain('Since');
    await ana.presses('Acknowledge');
    expect(world.telegram.messages(7001).at(-1)?.text).toContain('Acknowledged by Ana');
    await world.post(disk(60));
    expect(ana.expects('cad1 fills up is over').text).toContain('Room again: 60 %.');

    const changes = { template: { title: 'Ana, look at {{ subject }}' } };
    const { world: inside } = world.rooms;
    await editRule(inside, operator, { ruleId: made.id, changes, book: kindBook }, world.now());
    await world.post(disk(96));
    expect(ana.expects('Ana, look at /home').text).toContain('It is at 96 %.');
  },
);

story(
  'a template that fails costs nobody the alert: it is told as usual, and counted',
  async (world) => {
    const { ana } = world;
    await world.enrols(ana);
    const { id } = await world.makesRule(ana, rule);
    // As a release might leave it that no longer knows a filter.
    const template = { title: '{{ subject | gone }}', text: '{{ value }} of it' };
    const { db } = world.rooms.world.database;
    await db.update(rules).set({ options: { template } }).where(eq(rules.id, id));
    await world.post(disk(93.5));
    expect(ana.expects('Disk: /home').text).toContain('93.5 of it');
    expect(await world.metrics.page()).toContain('tocsin_template_failures_total 1');
    const [sent] = await db.select().from(deliveries);
    expect(sent?.detail).toContain('its template (title) failed: there is no filter “gone” here');
  },
  { complaints: [/a template failed/] },
);

story('a rule whose template cannot be used is refused with the reason', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await expect(world.makesRule(ana, { ...rule, template: { text: '{% include "x" %}' } })).rejects.toThrow(
    'template.text: there is no tag “include” here',
  );
});
