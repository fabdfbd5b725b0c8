// The laws of the house, each checked on the real tree and proved by violations that it must find.
import { describe, expect, it } from 'vitest';
import { cleanFixture } from './clean-fixture.ts';
import { houseOf, readHouse } from './house.ts';
import type { Finding, Rule } from './rule.ts';
import { rules } from './rules.ts';

const house = readHouse(new URL('../..', import.meta.url).pathname);
const planted = (plant: Record<string, string>) =>
  houseOf(new Map(Object.entries({ ...cleanFixture, ...plant })));

function told(rule: Rule, findings: Finding[]): string {
  const places = findings.map(({ file, line, what }) => `  ${file}${line ? `:${line}` : ''}  ${what}`);
  return places.length === 0 ? '' : [`${rule.name}. ${rule.sentence}`, ...places].join('\n');
}

it('really reads the house', () => {
  // A reader that silently reads nothing would find every law obeyed.
  expect(house.modules.length).toBeGreaterThan(60);
  expect(house.modules.flatMap((m) => m.imports).length).toBeGreaterThan(house.modules.length);
  for (const module of house.modules) {
    const written = module.text.match(/^(import|export) [^;]*? from '/gm)?.length ?? 0;
    expect(module.imports.length, module.file).toBeGreaterThanOrEqual(written);
  }
});

describe.each(rules)('$name', (rule) => {
  it('is obeyed', () => {
    expect(told(rule, rule.find(house))).toBe('');
  });

  it('finds nothing in a clean house', () => {
    expect(told(rule, rule.find(planted({})))).toBe('');
  });

  it.each(rule.plants.map((plant) => [Object.values(plant)[0]?.slice(0, 70), plant] as const))(
    'finds %j',
    (_, plant) => {
      expect(rule.find(planted(plant))).not.toEqual([]);
      // Whoever breaks one law should not be told about another.
      const others = rules.filter((other) => other !== rule);
      expect(others.map((other) => told(other, other.find(planted(plant)))).filter(Boolean)).toEqual([]);
    },
  );

  it('has a sentence and a proof', () => {
    expect(rule.sentence.length).toBeGreaterThan(40);
    expect(rule.plants.length).toBeGreaterThan(0);
  });
});
