// Chip design builds, which push each step that ends: project, block, step, runtag and how it went.
import { z } from 'zod';
import { defineModule } from '../module.ts';

const topic = 'builds.*.*';
const failed = { match: ['status = "fail"'] };

export const edaBuilds = defineModule({
  name: 'eda-builds',
  title: 'Builds of chip design',
  about:
    'The flow pushes one event at the end of each step under builds.<project>.<step>, with its block as the subject.',
  params: z.strictObject({}),
  topics: [
    {
      topic,
      title: 'A step that ended',
      subject: 'the block',
      fields: {
        status: { title: 'good or fail' },
        block: { title: 'The block' },
        runtag: { title: 'What names the run' },
        user: { title: 'Whose run it is' },
        tns: { title: 'Total negative slack', unit: 'ns' },
      },
    },
  ],
  rules: [
    {
      title: 'A step fails on a block',
      document: {
        name: 'Step failed',
        topic,
        kind: 'change',
        params: { field: 'status', to: 'fail' },
        severity: 'warning',
      },
    },
    {
      title: 'More than three blocks fail with the same runtag',
      document: {
        name: 'Many blocks fail',
        topic,
        kind: 'count',
        ...failed,
        params: { moreThan: 3, within: '1d', distinct: 'block' },
        key: ['runtag'],
        severity: 'critical',
      },
    },
    {
      title: 'Timing gets worse than a limit',
      document: {
        name: 'Negative slack',
        topic,
        kind: 'threshold',
        params: { field: 'tns', op: '<', limit: -100, clear: -50 },
        severity: 'warning',
      },
    },
  ],
});
