// The law of the shelf of commands, run over its index; and that buttons and commands answer for each other.
import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buttons } from '#chat/buttons/index.ts';
import { commands } from '#chat/commands/index.ts';

const folder = new URL('../../src/chat/', import.meta.url);
const source = (dir: string) =>
  fs
    .readdirSync(new URL(dir, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => fs.readFileSync(new URL(`${dir}/${file}`, folder), 'utf8'))
    .join('\n');

describe('commands', () => {
  it('are all in the index, each in a file of its name', () => {
    const files = fs.readdirSync(new URL('commands', folder)).filter((file) => file !== 'index.ts');
    expect(files.sort()).toEqual(commands.map(({ name }) => `${name}.ts`).sort());
  });

  it.each(commands.map((command) => [command.name, command] as const))(
    '/%s keeps the law',
    (name, command) => {
      expect(name).toMatch(/^[a-z0-9_]{1,32}$/);
      expect(command.description).toMatch(/^[a-z][^!.]{4,100}$/);
      expect(command.scopes.length).toBeGreaterThan(0);
      expect(new Set(command.scopes).size).toBe(command.scopes.length);
      if (command.example !== undefined) expect(command.example).toMatch(new RegExp(`^/${name} .`));
    },
  );

  it('have different names, and those that every chat needs', () => {
    const names = commands.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(
      expect.arrayContaining([
        'start',
        'subscribe',
        'watch',
        'rules',
        'alerts',
        'quiet',
        'silence',
        'settings',
        'help',
        'cancel',
      ]),
    );
  });
});

describe('buttons', () => {
  it('have different words', () => {
    expect(new Set(buttons.map(({ action }) => action)).size).toBe(buttons.length);
  });

  it('every word that a screen of the chat or a notification carries is known', () => {
    const notify = fs.readFileSync(new URL('../notify/render.ts', folder), 'utf8');
    const text = source('.') + notify;
    const used = [
      ...[...text.matchAll(/action: '([a-z-]+)'/g)].map((found) => found[1]!),
      ...[...notify.matchAll(/button\('[^']+', '([a-z-]+)'/g)].map((found) => found[1]!),
    ];
    expect(used.length).toBeGreaterThan(20);
    const known = new Set(buttons.map(({ action }) => action));
    expect([...new Set(used)].filter((word) => !known.has(word))).toEqual([]);
  });
});

describe('texts', () => {
  it('hold no exclamation mark and no sign but the few', () => {
    const locales = new URL('locales/', folder);
    const locale = (fs.readdirSync(locales, { recursive: true }) as string[])
      .filter((file) => file.endsWith('.ts'))
      .map((file) => fs.readFileSync(new URL(file, locales), 'utf8'))
      .join('\n');
    const texts = [...locale.matchAll(/(`(?:[^`\\]|\\.)*`|'(?:[^'\\\n]|\\.)*')/g)].map((found) =>
      found[1]!.replace(/\$\{[^}]*\}/g, ''),
    );
    expect(texts.length).toBeGreaterThan(100);
    expect(texts.filter((text) => /[A-Za-z]!/.test(text))).toEqual([]);
    expect(
      texts.filter((text) => /\p{Extended_Pictographic}/u.test(text.replace(/🔴|🟠|🔵|✅|🌙/gu, ''))),
    ).toEqual([]);
  });
});
