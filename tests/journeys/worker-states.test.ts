// Seed 000: a worker of a compute network goes Cluster Ready → Not Block Reward Ready → Hired.
import { expect } from 'vitest';
import { story } from './story.ts';

const worker = (subject: string, state: string) => ({ type: 'node.state', subject, data: { state } });

story('the owner of a worker hears when it stops earning, and when it earns again', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await world.post([worker('worker-7', 'Cluster Ready'), worker('worker-8', 'Cluster Ready')]);
  await ana.says('/watch node.state state changes from "Cluster Ready" to "Not Block Reward Ready"');
  ana.expects('state from Cluster Ready to Not Block Reward Ready');
  await world.post(worker('worker-7', 'Cluster Ready'));
  await world.post(worker('worker-7', 'Not Block Reward Ready'));
  ana.expects(/worker-7/);
  await world.advance('12m');
  await world.post(worker('worker-7', 'Hired'));
  ana.expects(/is over\n.*after 12 min/);
  await world.post(worker('worker-8', 'Hired'));
  ana.expectsNothing();
});
