// Seed 000: a worker of a compute network goes Cluster Ready → Not Block Reward Ready → Hired.
import { expect } from 'vitest';
import { labels } from '#sandbox/telegram/index.ts';
import { story } from './story.ts';

const worker = (subject: string, state: string) => ({ type: 'node.state', subject, data: { state } });

story('the owner of a worker hears when it stops earning, and when that is over', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await world.post([worker('worker-7', 'Cluster Ready'), worker('worker-8', 'Cluster Ready')]);
  await ana.says(
    '/watch node.state state changes from "Cluster Ready" to "Not Block Reward Ready" named "No block rewards"',
  );
  ana.expects('state from Cluster Ready to Not Block Reward Ready');
  await world.post([worker('worker-7', 'Cluster Ready'), worker('worker-8', 'Cluster Ready')]);
  ana.expectsNothing();

  await world.post(worker('worker-7', 'Not Block Reward Ready'));
  const told = ana.expects('🟠 No block rewards: worker-7');
  expect(told.text).toContain('Cluster Ready → Not Block Reward Ready.');
  await world.post(worker('worker-7', 'Not Block Reward Ready'));
  ana.expectsNothing();
  await world.advance('12m');
  await world.post(worker('worker-7', 'Hired'));
  expect(ana.expects('✅ No block rewards: worker-7 is over').text).toContain(
    'Not Block Reward Ready → Hired, after 12 min.',
  );
  await world.post(worker('worker-8', 'Hired'));
  ana.expectsNothing();
});

story('she makes the rule by pressing, among the states that were really seen', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await world.post(worker('worker-7', 'Cluster Ready'));
  await world.advance('1h');
  await world.post(worker('worker-7', 'Hired'));
  await ana.says('/subscribe node.state');
  expect(labels(ana.expects('What about it')).flat()).toContain('state changes · now Hired');
  await ana.presses('state changes');
  expect(labels(ana.expects('what was it before?')).flat()).toEqual(
    expect.arrayContaining(['whatever it was', 'Hired', 'Cluster Ready']),
  );
  await ana.presses('Hired');
  await ana.presses('Cluster Ready');
  expect(ana.expects('Is it right so?').text).toContain('state from Hired to Cluster Ready');
  await ana.presses('Save');
  ana.expects('Saved');
  await world.advance('10m');
  await world.post(worker('worker-7', 'Cluster Ready'));
  expect(ana.expects('worker-7').text).toContain('Hired → Cluster Ready.');
});

story('any change of state is told once, as a moment that neither burns nor ends', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await world.post(worker('worker-7', 'Cluster Ready'));
  await ana.says('/watch node.state state changes named "Worker changed"');
  await world.post(worker('worker-7', 'Cluster Ready'));
  ana.expects('Saved');
  ana.expectsNothing();
  await world.advance('1m');
  await world.post(worker('worker-7', 'Not Block Reward Ready'));
  const first = ana.expects('Worker changed: worker-7');
  expect(first.text).toContain('Cluster Ready → Not Block Reward Ready.');
  expect(labels(first).flat()).toEqual(['Why']);
  await world.advance('1m');
  await world.post(worker('worker-7', 'Hired'));
  ana.expects('Not Block Reward Ready → Hired.');
  ana.expectsNothing();
  await ana.says('/alerts');
  ana.expects('Nothing burns. 1 rule is watching');
});
