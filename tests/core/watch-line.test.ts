// The one-line form of a rule: what is understood, what is not, and what was meant.
import { describe, expect, it } from 'vitest';
import { parseWatchLine } from '#core/watch-line.ts';

const limit = (op: string, number: number, more: object = {}) => ({
  topic: 'disk.usage',
  kind: 'threshold',
  params: { field: 'usage', op, limit: number, ...more },
});
const version = (number: string, field = 'version', more: object = {}) => ({
  topic: 'node.checkin',
  kind: 'threshold',
  params: { field, op: '<', limit: number, ...more },
});
const office = { when: [{ from: 540, to: 1080, days: [1, 2, 3, 4, 5] }] };
const change = (params: object) => ({
  topic: 'node.state',
  kind: 'change',
  params: { field: 'state', ...params },
});

const good: [string, object][] = [
  ['disk.usage usage > 90', limit('>', 90)],
  ['disk.usage usage >= 90', limit('>=', 90)],
  ['disk.usage usage < 5', limit('<', 5)],
  ['disk.usage usage <= 5', limit('<=', 5)],
  ['disk.usage usage>90', limit('>', 90)],
  ['disk.usage usage ≥ 90', limit('>=', 90)],
  ['disk.usage usage > 90%', limit('>', 90)],
  ['disk.usage usage > 90 %', limit('>', 90)],
  ['disk.usage usage > -3.5', limit('>', -3.5)],
  ['disk.usage usage > 1e3', limit('>', 1000)],
  ['disk.usage usage above 90', limit('>', 90)],
  ['disk.usage usage OVER 90', limit('>', 90)],
  ['disk.usage usage below 5', limit('<', 5)],
  ['disk.usage usage under 5', limit('<', 5)],
  ['node.checkin version < 1.4', version('1.4')],
  ['node.checkin version < 1.10', version('1.10')],
  ['node.checkin release < 1.4.0', version('1.4.0', 'release')],
  ['node.checkin version below v1.4.0-rc.1', version('v1.4.0-rc.1')],
  ['node.checkin version < 1.4.0 critical 1.10.0', version('1.4.0', 'version', { critical: '1.10.0' })],
  ['node.checkin clear 1.10 version < 1.4', version('1.4', 'version', { clear: '1.10' })],
  [
    'node.checkin version < 1.4 weekdays 9-18, otherwise 1.10',
    {
      ...version('1.4'),
      bands: [office, { when: 'otherwise', params: { limit: '1.10' } }],
    },
  ],
  ['disk.usage usage > 90 critical at 97', limit('>', 90, { critical: 97 })],
  ['disk.usage usage > 90 clear at 85', limit('>', 90, { clear: 85 })],
  ['disk.usage usage > 90 named Disk nearly full for 5m', { ...limit('>', 90), name: 'Disk nearly full' }],
  ['disk.usage named Disk usage > 90', { ...limit('>', 90), name: 'Disk' }],
  ['disk.usage named My disk usage over 90', { ...limit('>', 90), name: 'My disk' }],
  ['disk.usage usage > 90 named "Disk" 9-18', { ...limit('>', 90), name: 'Disk' }],
  ['disk.usage usage > 90 clear 85', limit('>', 90, { clear: 85 })],
  ['disk.usage clear 85 usage > 90', limit('>', 90, { clear: 85 })],
  ['  disk.usage\u00a0 usage\n> 90  ', limit('>', 90)],
  ['disk.usage usage > 90 for 5m', { ...limit('>', 90), forMs: 300_000 }],
  ['disk.usage usage > 90 for 5 minutes', { ...limit('>', 90), forMs: 300_000 }],
  ['disk.usage usage > 90 for 1h30m', { ...limit('>', 90), forMs: 5_400_000 }],
  ['disk.usage for 5m usage > 90', { ...limit('>', 90), forMs: 300_000 }],
  ['disk.usage usage > 90 keep 10m', { ...limit('>', 90), keepFiringForMs: 600_000 }],
  ['disk.usage usage > 90 severity critical', { ...limit('>', 90), severity: 'critical' }],
  ['disk.usage usage > 90 severity page', { ...limit('>', 90), severity: 'critical' }],
  [
    'disk.usage usage > 90 for 5m severity critical',
    { ...limit('>', 90), forMs: 300_000, severity: 'critical' },
  ],
  ['disk.usage usage > 90 named "Disk"', { ...limit('>', 90), name: 'Disk' }],
  ['disk.usage usage > 90 named “My disk”', { ...limit('>', 90), name: 'My disk' }],
  ['disk.usage usage > 90 per host', { ...limit('>', 90), key: ['host'] }],
  ['disk.usage usage > 90 per host, disk', { ...limit('>', 90), key: ['host', 'disk'] }],
  [
    'disk.usage usage > 90 where host = cad1',
    { ...limit('>', 90), match: [{ field: 'host', op: '=', value: 'cad1' }] },
  ],
  [
    'disk.usage usage > 90 where host == cad1',
    { ...limit('>', 90), match: [{ field: 'host', op: '=', value: 'cad1' }] },
  ],
  [
    'disk.usage usage > 90 where host =~ "cad.*" and env != test',
    {
      ...limit('>', 90),
      match: [
        { field: 'host', op: '=~', value: 'cad.*' },
        { field: 'env', op: '!=', value: 'test' },
      ],
    },
  ],
  [
    'disk.usage where free < 10',
    { topic: 'disk.usage', kind: 'every', match: [{ field: 'free', op: '<', value: '10' }] },
  ],
  ['alertmanager.**', { topic: 'alertmanager.**', kind: 'every', params: {} }],
  ['builds.* every', { topic: 'builds.*', kind: 'every', params: {} }],
  ['node.state state changes', change({})],
  ['node.state state changed', change({})],
  ['node.state state changes to Hired', change({ to: 'Hired' })],
  ['node.state state becomes Hired', change({ to: 'Hired' })],
  ['node.state state changes from Ready', change({ from: 'Ready' })],
  ['node.state state changes from "Cluster Ready" to Hired', change({ from: 'Cluster Ready', to: 'Hired' })],
  ['node.state state changes from Cluster Ready to Hired', change({ from: 'Cluster Ready', to: 'Hired' })],
  ['node.state state changes to Hired or Lost', change({ to: ['Hired', 'Lost'] })],
  [
    'node.state state changes to Hired, Lost for 2m',
    { ...change({ to: ['Hired', 'Lost'] }), forMs: 120_000 },
  ],
  [
    'node.state "for" > 3',
    { topic: 'node.state', kind: 'threshold', params: { field: 'for', op: '>', limit: 3 } },
  ],
  [
    'node.state severity > 3',
    { topic: 'node.state', kind: 'threshold', params: { field: 'severity', op: '>', limit: 3 } },
  ],
];

const of = (kind: string, topic: string, params: object) => ({ kind, topic, params });
const builds = (params: object) => of('count', 'builds.**', { within: '1h', ...params });
good.push(
  ['disk.usage usage > 90 critical 97', limit('>', 90, { critical: 97 })],
  ['disk.usage usage > 90 critical', { ...limit('>', 90), severity: 'critical' }],
  [
    'builds.** more than 3 different block within 1h where status = fail per runtag',
    {
      ...builds({ moreThan: 3, distinct: 'block' }),
      match: [{ field: 'status', op: '=', value: 'fail' }],
      key: ['runtag'],
    },
  ],
  ['builds.** more than 3 within 1h', builds({ moreThan: 3 })],
  ['builds.** more than 3 events within 1 hour', builds({ moreThan: 3 })],
  ['builds.** at least 4 events in 1h', builds({ moreThan: 3 })],
  ['host.alive absent for 5m', of('absence', 'host.alive', { every: '5m' })],
  ['host.alive missing 5m', of('absence', 'host.alive', { every: '5m' })],
  [
    'backup.done absent cron "0 3 * * *" grace 30m',
    of('absence', 'backup.done', { cron: '0 3 * * *', grace: '30m' }),
  ],
  [
    'net.bytes rx grows by 1e9 within 1h',
    of('increase', 'net.bytes', { field: 'rx', by: 1e9, within: '1h' }),
  ],
  ['storj.audit score near 0.60', of('ratio', 'storj.audit', { field: 'score', bar: 0.6, side: 'below' })],
  [
    'backup.done absent cron "0 3 * * *" zone Europe/Berlin',
    of('absence', 'backup.done', { cron: '0 3 * * *', zone: 'Europe/Berlin' }),
  ],
  [
    'storj.audit score near 0.60 margin 0.05 ahead 2d for 5m',
    {
      ...of('ratio', 'storj.audit', { field: 'score', bar: 0.6, margin: 0.05, ahead: '2d' }),
      forMs: 300_000,
    },
  ],
  ['x load near 5 above', of('ratio', 'x', { field: 'load', bar: 5, side: 'above' })],
  [
    'sat.uptime reported by 4 status fail within 10m',
    of('quorum', 'sat.uptime', { atLeast: 4, field: 'status', bad: 'fail', within: '10m' }),
  ],
  [
    'sat.uptime reported by 4 of satellite status fail, "very slow" within 10m for 5m',
    {
      ...of('quorum', 'sat.uptime', {
        atLeast: 4,
        by: 'satellite',
        field: 'status',
        bad: ['fail', 'very slow'],
        within: '10m',
      }),
      forMs: 300_000,
    },
  ],
  ['x when "event.data.a > 3"', of('expression', 'x', { when: 'event.data.a > 3' })],
  ['node.state state leaves Hired', change({ from: 'Hired' })],
  [
    'disk.usage usage > 90 critical 97 for 5m weekdays 9-18, otherwise 97',
    {
      ...limit('>', 90, { critical: 97 }),
      forMs: 300_000,
      bands: [office, { when: 'otherwise', params: { limit: 97 } }],
    },
  ],
  [
    'disk.usage usage > 90 for 5m weekdays 9-18',
    { ...limit('>', 90), bands: [office, { when: 'otherwise', off: true }] },
  ],
  [
    'disk.usage usage > 90 weekdays 9-18 80 clear 70, Sat, Sun severity critical tell home-email, otherwise off',
    {
      bands: [
        { ...office, params: { limit: 80, clear: 70 } },
        { when: [{ from: 0, to: 1440, days: [6, 7] }], severity: 'critical', to: ['home-email'] },
        { when: 'otherwise', off: true },
      ],
    },
  ],
  [
    'disk.usage usage > 90 Mon-Fri 9-18; Sat 10:00-12:00: off',
    {
      bands: [{ when: [...office.when, { from: 600, to: 720, days: [6] }], off: true }],
    },
  ],
  [
    'builds.** where block in $me.blocks and (status = fail or not (user = me))',
    {
      kind: 'every',
      match: [
        { field: 'block', op: 'in', list: 'blocks' },
        {
          any: [
            { field: 'status', op: '=', value: 'fail' },
            { not: { field: 'user', op: '=', value: 'me' } },
          ],
        },
      ],
    },
  ],
  [
    'disk.usage usage > 90 emit alarms.disk unless "Router down" same host shadow tell telegram, home',
    {
      emit: 'alarms.disk',
      unless: [{ rule: 'Router down', same: ['host'] }],
      shadow: true,
      to: ['telegram', 'home'],
    },
  ],
);

describe('understood', () => {
  it.each(good)('%s', (line, wanted) => {
    expect(parseWatchLine(line)).toMatchObject({ ok: true, ...wanted });
  });
});

const bad: [string, string, string | undefined][] = [
  ['disk.usage when usage > 90', 'when', 'disk.usage usage > 90'],
  ['disk.usage usage > 90, clear 85', ',', 'disk.usage usage > 90 clear 85'],
  ['', '', undefined],
  ['disk.usage usage >> 90', '>>', 'disk.usage usage > 90'],
  ['disk.usage usage => 90', '=>', 'disk.usage usage >= 90'],
  ['disk.usage usage > > 90', '>', 'disk.usage usage > 90'],
  ['disk.usage usage <> 90', '<>', 'disk.usage usage < 90'],
  ['disk.usage usage >', '>', undefined],
  ['disk.usage usage > ninety', 'ninety', undefined],
  ['disk.usage usage > 9O', '9O', 'disk.usage usage > 90'],
  ['disk.usage usage > 90 fro 5m', 'fro', 'disk.usage usage > 90 for 5m'],
  ['disk.usage usage > 90 for', 'for', undefined],
  ['disk.usage usage > 90 for ages', 'ages', undefined],
  ['disk.usage usage > 90 for 5x', '5x', 'disk.usage usage > 90 for 5m'],
  ['disk.usage usage > 90 for 5 minuts', '5 minuts', 'disk.usage usage > 90 for 5m'],
  ['disk.usage usage > 90 for 2huors', '2huors', 'disk.usage usage > 90 for 2h'],
  ['disk.usage usage > 90 for 5 severity critical', '5', 'disk.usage usage > 90 for 5m severity critical'],
  ['disk.usage usage > 90 on cad1', 'on', 'disk.usage usage > 90 where host = cad1'],
  [
    'disk.usage usage > 90 on weekdays 9-18',
    'on',
    'disk.usage usage > 90 Mon-Fri 09:00-18:00, otherwise off',
  ],
  ['disk.usage usage > 90 severity crticial', 'crticial', 'disk.usage usage > 90 severity critical'],
  ['disk.usage usage > 90 severity', 'severity', undefined],
  ['disk.usage usage > 90 free < 3', 'free', 'disk.usage usage > 90 where free < 3'],
  ['disk.usage usage = 90', '=', 'disk.usage usage changes to 90'],
  ['node.state state = Hired', '=', 'node.state state changes to Hired'],
  ['node.state state != Hired', '!=', undefined],
  ['disk/usage usage > 90', 'disk/usage', 'disk.usage usage > 90'],
  ['> 90', '>', undefined],
  ['disk.usage 90', '90', undefined],
  ['disk.usage every clear 5', 'clear', undefined],
  ['disk.usage where', '', undefined],
  ['disk.usage where host', 'host', undefined],
  ['disk.usage where host =~ "("', '"("', undefined],
  ['disk.usage usage > 90 weekdays 9-9', 'weekdays', undefined],
  ['disk.usage usage > 90 otherwise 97, weekdays 9-18', '9-18', undefined],
  ['disk.usage usage > 90 weekdays 9-18, otherwise 5m', '5m', undefined],
  ['node.state state changes weekdays 9-18, otherwise 97', '97', undefined],
  ['disk.usage critical 97', 'critical', undefined],
  ['builds.** more than 3 block within 1h', 'block', 'builds.** more than 3 different block within 1h'],
  ['builds.** more than 3', '', undefined],
  ['builds.** more than many within 1h', 'many', undefined],
  ['host.alive absent', 'absent', undefined],
  ['host.alive absnt for 5m', 'absnt', 'host.alive absent for 5m'],
  ['net.bytes rx grows by 5', '', undefined],
  ['x when', 'when', undefined],
  ['builds.** where (host = a', '', undefined],
  ['builds.** where block in mine', 'mine', undefined],
  ['disk.usage usage > 90 emit disk.*', 'disk.*', undefined],
  ['disk.usage usage > 90 "stray', '"', undefined],
  ['disk.usage usage > 90 named', 'named', undefined],
  ['disk.usage usage > 90 svrty crtical fro 5m', 'svrty', undefined],
  // No limit is offered that leaves out letters of the one that was typed.
  ['net.rx rate > 10k', '10k', 'net.rx rate > 10000'],
  ['net.rx rate > 1.2k', '1.2k', 'net.rx rate > 1200'],
  ['disk.usage free < 5GB', '5GB', undefined],
  ['disk.usage usage > 1e400', '1e400', undefined],
  ['disk.usage usage > 90x5', '90x5', undefined],
  ['disk.usage usage > 1.000.000', '1.000.000', 'disk.usage usage > 1000000'],
  ['disk.usage usage > 95,5', '95,5', 'disk.usage usage > 95.5'],
  ['disk.usage usage > 1.000,5', '1.000,5', 'disk.usage usage > 1000.5'],
  ['disk.usage usage > 1,000', '1,000', undefined],
  ['🔥.disk 🚒 > 3', '🔥.disk', undefined],
  [
    'disk.usage usage between 10 and 20',
    'usage between 10 and 20',
    'disk.usage when "event.data.usage >= 10.0 && event.data.usage <= 20.0"',
  ],
  ['disk.usage usage between 10', 'usage between', undefined],
  ['disk.usage usage > 90 to home', 'to', 'disk.usage usage > 90 tell home'],
  ['usage > 90', '>', undefined],
  ['usage over 90', 'over', undefined],
];

describe('not understood', () => {
  it.each(bad)('%s', (line, piece, meant) => {
    const read = parseWatchLine(line);
    expect(read.ok).toBe(false);
    if (read.ok) return;
    expect(read.piece).toBe(piece);
    expect(read.meant).toBe(meant);
    expect(read.fault).toMatch(/^\S.{5,}/);
    expect(read.fault.replaceAll('!=', '')).not.toContain('!');
    if (meant !== undefined) expect(parseWatchLine(meant).ok).toBe(true);
  });

  it('quotes all of what should be a duration', () => {
    const read = parseWatchLine('disk.usage usage > 90 for 5 parsecs');
    expect(read).toMatchObject({ fault: '“5 parsecs” is no duration; try 5m, 1h30m or 2d' });
  });
});
