// Where somebody is, as they type it: in their own language, by the country, with a slip of the finger.
import { expect, it } from 'vitest';
import { alsoCalled } from '../../src/core/place-names.ts';
import { cities, searchZones } from '../../src/core/zones.ts';

it.each([
  ['München', ['Europe/Berlin']],
  ['wien', ['Europe/Vienna']],
  ['Koln', ['Europe/Berlin']],
  ['Germany', ['Europe/Berlin']],
  ['UK', ['Europe/London']],
  ['usa', ['America/New_York', 'America/Chicago', 'America/Denver', 'America/Los_Angeles']],
  ['berln', ['Europe/Berlin']],
  ['Lodnon', ['Europe/London']],
  ['Türkiye', ['Europe/Istanbul']],
  ['utc', ['UTC']],
  ['Antarctica/Troll', ['Antarctica/Troll']],
])('%s', (typed, zones) => {
  const found = searchZones(typed).map(({ zone }) => zone);
  // The best first; a country of many clocks has them all.
  const best = zones.length === 1 ? found.slice(0, 1) : found;
  expect(best.toSorted()).toEqual(zones.toSorted());
});

it.each(['Atlantis', '', '   ', 'zzzz', '12:30', 'x'.repeat(4096)])('nothing is called %j', (typed) => {
  expect(searchZones(typed)).toEqual([]);
});

it('other names are those of cities of the table', () => {
  const names = cities.map(({ name }) => name);
  expect([...alsoCalled.keys()].filter((name) => !names.includes(name))).toEqual([]);
});
