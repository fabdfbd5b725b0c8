// Time bands of a rule: who is told what when, by example and against a minute-by-minute model over both DST days.
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { stepAlert } from '#core/alert.ts';
import { type Band, bandAt, parseWhen } from '#core/bands.ts';
import type { Rule } from '#core/rule.ts';
import {
  freshStanding,
  isFresh,
  passTime,
  type Standing,
  seeEvent,
  type Told,
} from '../../src/evaluate/evaluate.ts';
import { readyRule, type Watch } from '../../src/evaluate/index/watch.ts';
import { eventWith, ruleWith } from './stage.ts';

const minute = 60_000;

function band(text: string, given: Partial<Band> = {}): Band {
  const read = parseWhen(text);
  if (!read.ok) throw new Error(read.fault);
  return { when: read.when, ...given };
}

/** Work hours 90 to the team, otherwise 97 to home. */
const workAndHome: Band[] = [
  band('Mon-Fri 09:00-18:00'),
  band('otherwise', { params: { limit: 97 }, to: ['v_home'] }),
];

function watchOf(given: Partial<Rule> = {}): Watch {
  const ready = readyRule(
    ruleWith({ id: 'r', to: ['v_work'], bands: workAndHome, zone: 'Europe/Berlin', ...given }),
  );
  if (!ready.ok) throw new Error(ready.fault);
  return ready.watch;
}

/** An instant by Berlin's clock: `Tue 09:30` of the week of 2 November 2026. */
function berlin(text: string, week = '2026-11-02'): number {
  const [day, clock] = text.split(' ') as [string, string];
  const date = Temporal.PlainDate.from(week).add({
    days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(day),
  });
  return date.toZonedDateTime({ timeZone: 'Europe/Berlin', plainTime: clock }).epochMilliseconds;
}
function clock(instant: number): string {
  const there = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO('Europe/Berlin');
  const day = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'][there.dayOfWeek - 1];
  return `${day} ${there.toPlainTime().toString({ smallestUnit: 'minute' })}`;
}

function stage(watch: Watch) {
  let standing: Standing = freshStanding('k');
  let ids = 0;
  const steps: Told[] = [];
  const take = (turn: { standing: Standing; steps: Told[] }) => {
    // Every turn goes through the ledger's form.
    standing = JSON.parse(JSON.stringify(turn.standing)) as Standing;
    standing.alert ??= undefined;
    steps.push(...turn.steps);
  };
  return {
    see(when: number, usage: number | null, given: object = {}) {
      const data: Record<string, number> = usage === null ? {} : { usage };
      take(seeEvent(watch, standing, eventWith({ receivedAt: when, data, ...given }), {}, () => `a${++ids}`));
    },
    pass(when: number) {
      take(passTime(watch, standing, when, () => `a${++ids}`));
    },
    closeByHand(when: number) {
      stepAlert(standing.alert!, { is: 'resolve', by: { is: 'clock' } }, when);
      standing = { ...standing, alert: undefined };
    },
    standing: () => standing,
    steps,
    story: (say = clock) =>
      steps
        .filter(({ transition }) => transition.change !== 'updated')
        .map(({ transition, receivers }) =>
          `${say(transition.at)} ${transition.change} ${receivers.join('+')}`.trim(),
        ),
  };
}

/** Sees these values at these instants, and lets time pass to the end. */
function play(given: Partial<Rule>, values: [string, number | null][], end: string): string[] {
  const s = stage(watchOf(given));
  for (const [when, usage] of values) s.see(berlin(when), usage);
  s.pass(berlin(end));
  return s.story();
}

describe('who is told', () => {
  it('each band has its own limit and its own receivers', () => {
    expect(
      play(
        {},
        [
          ['Mon 10:00', 93],
          ['Mon 11:00', 50],
          ['Mon 20:00', 93],
          ['Mon 21:00', 98],
          ['Mon 22:00', 50],
        ],
        'Tue 08:00',
      ),
    ).toEqual([
      'Mon 10:00 fired v_work',
      'Mon 11:00 resolved v_work',
      'Mon 21:00 fired v_home',
      'Mon 22:00 resolved v_home',
    ]);
  });

  it('what burns goes on quietly in a band that would not have begun it, and is over by its own limit', () => {
    expect(
      play(
        {},
        [
          ['Mon 17:00', 93],
          ['Mon 20:00', 94],
          ['Tue 03:00', 93],
          ['Tue 07:00', 89],
        ],
        'Tue 12:00',
      ),
    ).toEqual(['Mon 17:00 fired v_work', 'Tue 07:00 resolved v_work']);
  });

  it('a disk that stands at 93 since the night is told when the work hours begin, by time itself', () => {
    const s = stage(watchOf());
    s.see(berlin('Tue 03:00'), 93, { type: 'disk.usage', subject: '/home', labels: { host: 'cad1' } });
    expect(s.story()).toEqual([]);
    s.pass(berlin('Tue 08:59'));
    expect(s.story()).toEqual([]);
    s.pass(berlin('Tue 09:00'));
    expect(s.story()).toEqual(['Tue 09:00 fired v_work']);
    expect(s.steps[0]!.alert).toMatchObject({
      reading: { value: 93, limit: 90 },
      fields: { host: 'cad1' },
      topic: 'disk.usage',
      subject: '/home',
    });
  });

  it('the newest value of the night is the one that is told', () => {
    const s = stage(watchOf());
    for (const [when, usage] of [
      ['Tue 03:00', 93],
      ['Tue 05:00', 96],
    ] as const)
      s.see(berlin(when), usage);
    s.see(berlin('Tue 06:00'), null);
    s.pass(berlin('Tue 09:00'));
    expect(s.steps.map(({ alert }) => alert.reading.text)).toEqual(['96, limit 90']);
  });

  it('a disk that came back below before the morning is not', () => {
    expect(
      play(
        {},
        [
          ['Tue 03:00', 93],
          ['Tue 08:00', 89],
        ],
        'Tue 12:00',
      ),
    ).toEqual([]);
  });

  it('an alert of the night goes on in the morning, and whoever has not heard of it is told then, once', () => {
    expect(
      play(
        {},
        [
          ['Tue 03:00', 98],
          ['Tue 09:30', 98],
          ['Tue 10:00', 93],
          ['Tue 20:00', 93],
          ['Wed 11:00', 95],
          ['Wed 12:00', 80],
        ],
        'Thu 12:00',
      ),
    ).toEqual(['Tue 03:00 fired v_home', 'Tue 09:00 reached v_work', 'Wed 12:00 resolved v_home+v_work']);
  });

  it('nobody hears the same a second time where bands share their receivers', () => {
    const bands = [band('Mon-Fri 09:00-18:00'), band('otherwise', { params: { limit: 97 } })];
    expect(
      play(
        { bands },
        [
          ['Tue 03:00', 98],
          ['Tue 12:00', 98],
        ],
        'Tue 20:00',
      ),
    ).toEqual(['Tue 03:00 fired v_work']);
  });

  it('bands with the same limit and other receivers tell the next ones at their hour', () => {
    const bands = [band('09:00-18:00', { to: ['v_day'] }), band('otherwise', { to: ['v_night'] })];
    expect(
      play(
        { bands },
        [
          ['Tue 03:00', 98],
          ['Tue 08:00', 99],
        ],
        'Tue 20:00',
      ),
    ).toEqual(['Tue 03:00 fired v_night', 'Tue 09:00 reached v_day']);
  });

  it('a band is a severity, too: worse when it speaks, and only then', () => {
    const bands = [
      band('09:00-18:00', { severity: 'critical' }),
      band('otherwise', { params: { limit: 97 } }),
    ];
    const severe = play(
      { bands },
      [
        ['Tue 03:00', 98],
        ['Tue 10:00', 98],
      ],
      'Tue 20:00',
    );
    expect(severe).toEqual(['Tue 03:00 fired v_work', 'Tue 09:00 worse v_work']);
    const loud = [band('09:00-18:00'), band('otherwise', { params: { limit: 97 }, severity: 'critical' })];
    expect(
      play(
        { bands: loud },
        [
          ['Tue 10:00', 93],
          ['Tue 20:00', 93],
          ['Tue 21:00', 98],
        ],
        'Tue 22:00',
      ),
    ).toEqual(['Tue 10:00 fired v_work', 'Tue 21:00 worse v_work']);
  });

  it('nothing begins in a band that is off; what burns is told when it is over', () => {
    const bands = [band('22:00-07:00', { off: true })];
    expect(play({ bands }, [['Tue 02:00', 99]], 'Tue 12:00')).toEqual(['Tue 07:00 fired v_work']);
    expect(
      play(
        { bands },
        [
          ['Mon 21:00', 99],
          ['Mon 23:00', 80],
          ['Tue 02:00', 99],
          ['Tue 03:00', 80],
        ],
        'Tue 12:00',
      ),
    ).toEqual(['Mon 21:00 fired v_work', 'Mon 23:00 resolved v_work']);
  });

  it('a kind of moments is told in the hours that are on', () => {
    const given = { kind: 'every', params: {}, bands: [band('22:00-07:00', { off: true })] };
    expect(
      play(
        given,
        [
          ['Tue 02:00', 1],
          ['Tue 12:00', 1],
        ],
        'Tue 13:00',
      ),
    ).toEqual(['Tue 12:00 told v_work']);
  });
});

describe('waiting', () => {
  it('counts what stood so for long enough before its band came', () => {
    expect(play({ forMs: 5 * minute }, [['Tue 03:00', 93]], 'Tue 10:00')).toEqual(['Tue 09:00 fired v_work']);
    expect(play({ forMs: 5 * minute }, [['Tue 08:58', 93]], 'Tue 10:00')).toEqual([
      'Tue 09:00 began v_work',
      'Tue 09:03 fired v_work',
    ]);
  });

  it('ends without a word when the band that waited is past', () => {
    expect(play({ forMs: 5 * minute }, [['Mon 17:58', 93]], 'Tue 08:00')).toEqual([
      'Mon 17:58 began v_work',
      'Mon 18:00 cancelled',
    ]);
    expect(play({ forMs: 5 * minute }, [['Mon 17:55', 93]], 'Tue 08:00')).toEqual([
      'Mon 17:55 began v_work',
      'Mon 18:00 cancelled',
    ]);
    // The next morning it has stood so long enough.
    expect(play({ forMs: 5 * minute }, [['Mon 17:58', 93]], 'Tue 09:00').at(-1)).toBe(
      'Tue 09:00 fired v_work',
    );
  });

  it('an end that has to hold is forgotten when the next band still burns', () => {
    const values: [string, number][] = [
      ['Tue 08:50', 98],
      ['Tue 08:58', 93],
    ];
    expect(play({ keepFiringForMs: 5 * minute }, values, 'Tue 12:00')).toEqual([
      'Tue 08:50 fired v_home',
      'Tue 09:00 reached v_work',
    ]);
    expect(play({ keepFiringForMs: minute }, values, 'Tue 12:00')).toEqual([
      'Tue 08:50 fired v_home',
      'Tue 08:59 resolved v_home',
      'Tue 09:00 fired v_work',
    ]);
  });
});

describe('people and mishaps', () => {
  it('what was closed by hand stays closed until it was below once, for every band that it stood in', () => {
    const s = stage(watchOf());
    s.see(berlin('Tue 03:00'), 98);
    s.closeByHand(berlin('Tue 03:10'));
    s.see(berlin('Tue 04:00'), 98);
    s.pass(berlin('Tue 12:00'));
    s.see(berlin('Tue 12:30'), 98);
    expect(s.story()).toEqual(['Tue 03:00 fired v_home']);
    s.see(berlin('Tue 13:00'), 50);
    s.see(berlin('Tue 14:00'), 93);
    expect(s.story().at(-1)).toBe('Tue 14:00 fired v_work');
    s.closeByHand(berlin('Tue 14:10'));
    // A limit that was not yet passed is another matter.
    s.see(berlin('Tue 22:00'), 98);
    expect(s.story().at(-1)).toBe('Tue 22:00 fired v_home');
  });

  it('leaves no trace of what never mattered', () => {
    const s = stage(watchOf());
    s.see(berlin('Tue 03:00'), 20);
    expect(isFresh(s.standing())).toBe(true);
    s.see(berlin('Tue 04:00'), 93);
    expect(s.standing().dueAt).toBe(berlin('Tue 09:00'));
    s.see(berlin('Tue 05:00'), 30);
    expect(s.standing()).toMatchObject({ state: null, met: false, dueAt: null });
  });

  it('late events over an edge change nothing; unreadable ones neither', () => {
    const s = stage(watchOf());
    s.see(berlin('Tue 08:50'), 93, { time: berlin('Tue 08:50') });
    s.see(berlin('Tue 09:10'), 20, { time: berlin('Tue 08:40') });
    s.see(berlin('Tue 09:20'), null);
    expect(s.story()).toEqual(['Tue 09:00 fired v_work']);
    // By the clock at which it was taken: sent at night, received in the morning.
    const late = stage(watchOf());
    late.see(berlin('Tue 09:05'), 93, { time: berlin('Tue 08:30') });
    expect(late.story()).toEqual(['Tue 09:05 fired v_work']);
  });

  it('an alert whose memory was lost by an edit is closed by what holds now', () => {
    const s = stage(watchOf());
    s.see(berlin('Tue 10:00'), 93);
    Object.assign(s.standing(), { state: null, met: false });
    s.see(berlin('Tue 11:00'), 94);
    s.see(berlin('Tue 12:00'), 80);
    expect(s.story()).toEqual([
      'Tue 10:00 fired v_work',
      'Tue 11:00 reached v_work',
      'Tue 12:00 resolved v_work',
    ]);
  });
});

describe('against a model that looks at every minute', () => {
  const tables: Band[][] = [
    workAndHome,
    [band('01:00-03:00', { params: { limit: 97 }, to: ['v_night'] }), band('Sun 00:00-24:00', { off: true })],
    [
      band('02:00-02:30', { off: true }),
      band('22:00-02:30', { to: ['v_night'] }),
      band('otherwise', { params: { limit: 97 } }),
    ],
  ];
  /** Days around the changes of the clock, and Lord Howe's half hour. */
  const places = [
    ['Europe/Berlin', Date.UTC(2026, 2, 28)],
    ['Europe/Berlin', Date.UTC(2026, 9, 24)],
    ['America/New_York', Date.UTC(2026, 10, 1)],
    ['Australia/Lord_Howe', Date.UTC(2026, 3, 4)],
    ['Australia/Lord_Howe', Date.UTC(2026, 9, 3)],
    ['Asia/Kolkata', Date.UTC(2026, 5, 5)],
  ] as const;
  const values = fc.array(fc.record({ at: fc.nat(3 * 1440), usage: fc.constantFrom(50, 93, 95, 98) }), {
    maxLength: 14,
  });

  /** What should be said, looked at once a minute: no memory but who has spoken. */
  function model(bands: Band[], bandOf: number[], history: { at: number; usage: number }[]): string[] {
    const story: string[] = [];
    let value: number | undefined;
    let open: { bands: number[] } | undefined;
    const limitOf = (i: number) => Number(bands[i]?.params?.limit ?? 90);
    const toOf = (i: number) => bands[i]?.to ?? ['v_work'];
    for (let i = 0; i <= 3 * 1440; i++) {
      const seen = history.filter(({ at }) => at === i);
      // First the edge with the value that was known, then what arrives.
      for (const usage of [value, ...seen.map((one) => one.usage)]) {
        if (usage === undefined) continue;
        value = usage;
        const here = bandOf[i]!;
        const speaks = bands[here]?.off !== true && usage > limitOf(here);
        if (!open && speaks) {
          open = { bands: [here] };
          story.push(`${i} fired ${toOf(here).join('+')}`);
        } else if (open && !speaks && open.bands.every((one) => usage <= limitOf(one))) {
          const heard = new Set(open.bands.flatMap(toOf));
          story.push(`${i} resolved ${[...heard].join('+')}`);
          open = undefined;
        } else if (open && speaks && !open.bands.includes(here)) {
          const heard = new Set(open.bands.flatMap(toOf));
          if (toOf(here).some((id) => !heard.has(id))) story.push(`${i} reached ${toOf(here).join('+')}`);
          open.bands.push(here);
        }
      }
    }
    return story;
  }

  it.each(places)('in %s from %i on', (zone, start) => {
    // Each minute of the three days, once.
    const bandOf = tables.map((bands) =>
      Array.from({ length: 3 * 1440 + 1 }, (_, i) => bandAt(bands, zone, start + i * minute)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...tables), values, fc.boolean(), (bands, unsorted, ticks) => {
        const history = unsorted.toSorted((a, b) => a.at - b.at);
        const s = stage(watchOf({ bands, zone }));
        for (const [i, { at, usage }] of history.entries()) {
          s.see(start + at * minute, usage);
          // Live: the timers are passed in between; after an outage all comes at once.
          if (ticks) s.pass(start + (history[i + 1]?.at ?? at) * minute - 1);
        }
        s.pass(start + 3 * 1440 * minute);
        const told = s.story((at) => String((at - start) / minute));
        expect(told).toEqual(model(bands, bandOf[tables.indexOf(bands)]!, history));
      }),
      { numRuns: 120 },
    );
  });
});
