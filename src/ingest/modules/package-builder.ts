// A builder of packages, which pushes what happens in its origins: builds, promotions, new members.
import { z } from 'zod';
import { defineModule } from '../module.ts';

const failed = { match: ['action = "build"', 'result = "failed"'] };

export const packageBuilder = defineModule({
  name: 'package-builder',
  title: 'A builder of packages',
  about:
    'The builder pushes one event for each deed under builder.<origin>.<package>, so that one may follow an origin or a package.',
  params: z.strictObject({}),
  topics: [
    {
      topic: 'builder.*.*',
      title: 'What happened to a package',
      subject: 'the package with its version: core/openssl/3.0.13',
      fields: {
        action: { title: 'build, promote, demote or delete' },
        result: { title: 'complete or failed' },
        channel: { title: 'Promoted to: stable, staging, …' },
        by: { title: 'Who did it' },
      },
    },
    {
      topic: 'builder.*',
      title: 'What happened to an origin',
      subject: 'the origin',
      fields: {
        action: { title: 'member-added, member-removed, key-rotated, …' },
        by: { title: 'Who did it' },
      },
    },
  ],
  rules: [
    {
      title: 'A build failed',
      document: { name: 'Build failed', topic: 'builder.*.*', kind: 'every', ...failed, severity: 'warning' },
    },
    {
      title: 'Many builds of an origin fail',
      document: {
        name: 'Many builds fail',
        topic: 'builder.*.*',
        kind: 'count',
        ...failed,
        params: { moreThan: 5, within: '1h' },
        key: ['source'],
        severity: 'critical',
      },
    },
    {
      title: 'A package was promoted to stable',
      document: {
        name: 'Promoted to stable',
        topic: 'builder.*.*',
        kind: 'every',
        match: ['action = "promote"', 'channel = "stable"'],
        severity: 'info',
      },
    },
  ],
});
