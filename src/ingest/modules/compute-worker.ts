// A worker of a compute network, which pushes its readiness itself: ready, not ready, hired.
import { z } from 'zod';
import { defineModule } from '../module.ts';

const topic = 'worker.readiness';

export const computeWorker = defineModule({
  name: 'compute-worker',
  title: 'A worker of a compute network',
  about:
    'The network, or a script on the worker, pushes each change of readiness, and a sign of life in between.',
  params: z.strictObject({}),
  topics: [
    {
      topic,
      title: 'Readiness',
      subject: 'the worker',
      fields: {
        state: { title: 'Cluster Ready, Not Block Reward Ready, or Hired' },
        cluster: { title: 'The cluster that it works for, once hired' },
        reason: { title: 'Why it is not ready' },
      },
    },
  ],
  rules: [
    {
      title: 'Its readiness changed',
      document: {
        name: 'Readiness changed',
        topic,
        kind: 'change',
        params: { field: 'state' },
        severity: 'info',
      },
    },
    {
      title: 'It earns no block rewards',
      document: {
        name: 'Not block reward ready',
        topic,
        kind: 'change',
        params: { field: 'state', to: 'Not Block Reward Ready' },
        severity: 'critical',
      },
    },
    {
      title: 'It was hired',
      document: {
        name: 'Hired',
        topic,
        kind: 'change',
        params: { field: 'state', to: 'Hired' },
        severity: 'info',
      },
    },
    {
      title: 'It says nothing any more',
      document: {
        name: 'No sign of life',
        topic,
        kind: 'absence',
        params: { every: '10m', grace: '5m' },
        key: ['subject'],
        severity: 'warning',
      },
    },
  ],
});
