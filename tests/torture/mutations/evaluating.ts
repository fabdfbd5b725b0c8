// Guards of the evaluation: locked, whole, in order, and nothing overlooked.
import type { Mutation } from './mutation.ts';

export const evaluating: readonly Mutation[] = [
  {
    guard: 'the lock of a lane',
    short: true,
    file: 'src/store/lanes.ts',
    patch: [
      [`sql\`, pg_advisory_xact_lock(\${lockClass}::int, \${lane}::int)\``, 'sql``'],
      [`pg_try_advisory_xact_lock(\${lockClass}::int, l) as free`, 'true as free'],
    ],
    test: {
      file: 'tests/evaluate/side-by-side.test.ts',
      name: 'gives the same transitions with two workers as with one',
    },
  },
  {
    guard: 'an event is found because nobody processed it, not by its number',
    short: true,
    file: 'src/store/lanes.ts',
    patch: [
      [
        `where lane = l.lane and processed_at is null order by seq limit \${share}`,
        `where lane = l.lane and seq > (select coalesce(max(p.seq), 0) from events p where p.lane = l.lane and p.processed_at is not null) order by seq limit \${share}`,
      ],
    ],
    test: {
      file: 'tests/evaluate/side-by-side.test.ts',
      name: 'finds an event whose number was given earlier and committed later',
    },
  },
  {
    guard: 'the changes and “processed” are one transaction',
    short: true,
    file: 'src/evaluate/batch.ts',
    patch: [
      [
        'await commitBeside(\n    tx,\n    changes,',
        'await world.database.db.transaction((other) => commitBeside(other, changes, {}, now)); await commitBeside(\n    tx,\n    [],',
      ],
    ],
    test: {
      file: 'tests/evaluate/worker.test.ts',
      name: 'rolls back everything when it is cut off in the middle',
    },
  },
  {
    guard: 'a lane on which a process ended goes alone',
    file: 'src/evaluate/batch.ts',
    patch: [['ours.filter((lane) => !troubled.includes(lane))', 'ours']],
    test: {
      file: 'tests/evaluate/rounds.test.ts',
      name: 'a lane on which another process ended goes alone, event by event',
    },
  },
  {
    guard: 'what cannot be processed is put aside, not thrown away',
    file: 'src/store/lanes.ts',
    patch: [['quarantined: error.slice(0, 500) })', 'quarantined: null })']],
    test: { file: 'tests/evaluate/worker.test.ts', name: 'puts one poisoned event aside, tells the owners' },
  },
  {
    guard: 'the lock on what a rule remembers',
    short: true,
    file: 'src/store/rule-states.ts',
    patch: [["    .for('update', { of: ruleStates });", '    .limit(1e6);']],
    test: {
      file: 'tests/evaluate/side-by-side.test.ts',
      name: 'counts every event of a key that many lanes share',
    },
  },
  {
    guard: 'a timer waits for what came before it',
    file: 'src/evaluate/due.ts',
    patch: [
      ['.reduce((least, { since }) => Math.min(least, since), now);', '.reduce((least) => least, now);'],
    ],
    test: { file: 'tests/evaluate/worker.test.ts', name: 'lets `for` fire by its timer at its own instant' },
  },
];
