// The laws of a channel, for every channel there is.
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { afterTurn, isFree } from '../../src/core/pace.ts';
import type { About, Channel, Told } from '../../src/notify/channel.ts';
import { channelBook } from '../../src/notify/channel-book.ts';
import { channelsOf } from '../../src/notify/channels/index.ts';
import { sealing } from '../harness/sealing.ts';
import { openStage, type Stage } from '../notify/stage.ts';
import { openPlaces, type Places } from '../notify/stand-ins/places.ts';

let stage: Stage;
let channels: Channel[];
let places: Places;
beforeAll(async () => {
  places = await openPlaces();
  stage = await openStage({ limits: 'off', gateways: places.set, patienceMs: 10_000 });
  channels = stage.channels;
  for (const { example } of channels) if (/^\d+$/.test(example)) await stage.person(Number(example));
});
afterAll(async () => {
  await places.close();
  await stage.close();
});

// Names only: the channels themselves need their parts.
const names = channelsOf({} as never).map(({ name }) => name);
const about: About = {
  id: 7,
  kind: 'firing',
  severity: 'warning',
  attempt: 1,
  firstTry: null,
  createdAt: Date.UTC(2026, 5, 10),
  alert: null,
  open: 0,
  transition: null,
};
const how = { zone: 'UTC', now: Date.UTC(2026, 5, 10) };
const hostile: Told = {
  sign: '🟠',
  severity: 'warning',
  title: '<b>@all</b> & "x" \u0000\ud800\u202e'.repeat(200),
  lines: [[{ code: '</code>' }, { bold: '&lt;' }, { instant: how.now, show: 'clock' }, '/reboot'], []],
  fields: Array.from({ length: 200 }, (_, i): [string, string] => [`f${i}`, '<i>@x'.repeat(50)]),
  buttons: [
    [{ label: '', action: 'acknowledge', alertId: 'a_1', rev: 1 }],
    [{ label: 'x'.repeat(500), link: 'javascript:1' }],
  ],
  silent: false,
  mark: 'possible repeat',
};

describe.each(names)('channel %s', (name) => {
  const get = () => channels.find((channel) => channel.name === name)!;

  it('says what it is, and takes its own example as an address', () => {
    const channel = get();
    expect(channel.name).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(channel.title).not.toBe('');
    expect(channel.address.parse(channel.example)).toBe(channel.example);
    expect(channel.address.safeParse('').success).toBe(false);
    expect(channel.address.safeParse('x|y').success).toBe(false);
  });

  it('asks for what reaches a place in words of its own, and gives nothing private away in its name', () => {
    const { contact } = get();
    expect(contact !== undefined, 'what is typed needs a place in the stand-ins').toBe(
      places.contact(name) !== undefined,
    );
    if (!contact) return;
    const book = channelBook([get()]);
    expect(book.check(name, contact.example)).toEqual({
      ok: true,
      contact: contact.params.parse(contact.example),
    });
    expect(book.check(name, {}).ok).toBe(false);
    expect(book.check(name, { ...contact.example, more: 1 }).ok).toBe(false);
    for (const { label, hint, input, name: field } of book.fields(name)) {
      expect(
        [label, hint, input].every((text) => text !== ''),
        field,
      ).toBe(true);
      expect(label).not.toBe(field);
    }
    const label = contact.label(contact.example);
    expect(label).toMatch(/^.{1,60}$/);
    for (const value of Object.values(contact.example)) expect(label).not.toContain(String(value));
  });

  it('has a pace that lets one thing through and then slows down', () => {
    const pace = get().pace(get().example);
    let freeAt = 0;
    let taken = 0;
    while (isFree(freeAt, how.now) && taken < 1000) {
      freeAt = afterTurn(pace, freeAt, how.now);
      taken++;
    }
    expect(taken).toBe(pace.burst);
    expect(freeAt - how.now).toBeLessThanOrEqual(pace.everyMs);
  });

  it('tells even a hostile message, and changes it where it can', async () => {
    const channel = get();
    const typed = places.contact(name);
    const contact = typed && (channel.contact?.complete?.(typed, sealing.chance).contact ?? typed);
    const given = { ...how, about, ...(contact ? { contact } : {}) };
    const sent = await channel.deliver(hostile, channel.example, given);
    expect(sent.is).toBe('sent');
    expect(stage.counts.get(`plain_fallback ${name}`) ?? 0).toBe(0);
    if (!channel.edits || sent.is !== 'sent' || sent.messageId === null) return;
    const previous = { messageId: sent.messageId };
    const edited = await channel.deliver({ ...hostile, title: 'new' }, channel.example, { ...how, previous });
    expect(edited.is).toBe('sent');
    const again = await channel.deliver({ ...hostile, title: 'new' }, channel.example, { ...how, previous });
    expect(again.is).toBe('sent');
  });
});

it('every file of the shelf is in the index', () => {
  const files = readdirSync(new URL('../../src/notify/channels', import.meta.url)).filter(
    (file) => file !== 'index.ts',
  );
  expect(names.map((name) => `${name}.ts`).sort()).toEqual(files.sort());
});
