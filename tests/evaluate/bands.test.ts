// Time bands of a rule, by example: who is told what, when, and what time itself brings.
import { describe, expect, it } from 'vitest';
import type { Rule } from '#core/rule.ts';
import { isFresh } from '../../src/evaluate/evaluate.ts';
import { band, bandStage, berlin, minute, watchOf } from './band-stage.ts';

/** Sees these values at these instants, and lets time pass to the end. */
function play(given: Partial<Rule>, values: [string, number | null][], end: string): string[] {
  const s = bandStage(watchOf(given));
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
    const s = bandStage(watchOf());
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
    const s = bandStage(watchOf());
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
    const s = bandStage(watchOf());
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
    const s = bandStage(watchOf());
    s.see(berlin('Tue 03:00'), 20);
    expect(isFresh(s.standing())).toBe(true);
    s.see(berlin('Tue 04:00'), 93);
    expect(s.standing().dueAt).toBe(berlin('Tue 09:00'));
    s.see(berlin('Tue 05:00'), 30);
    expect(s.standing()).toMatchObject({ state: null, met: false, dueAt: null });
  });

  it('late events over an edge change nothing; unreadable ones neither', () => {
    const s = bandStage(watchOf());
    s.see(berlin('Tue 08:50'), 93, { time: berlin('Tue 08:50') });
    s.see(berlin('Tue 09:10'), 20, { time: berlin('Tue 08:40') });
    s.see(berlin('Tue 09:20'), null);
    expect(s.story()).toEqual(['Tue 09:00 fired v_work']);
    // By the clock at which it was taken: sent at night, received in the morning.
    const late = bandStage(watchOf());
    late.see(berlin('Tue 09:05'), 93, { time: berlin('Tue 08:30') });
    expect(late.story()).toEqual(['Tue 09:05 fired v_work']);
  });

  it('an alert whose memory was lost by an edit is closed by what holds now', () => {
    const s = bandStage(watchOf());
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
