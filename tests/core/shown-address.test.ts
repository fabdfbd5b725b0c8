// Addresses that others may read: they say where, and let nobody in.
import { expect, it } from 'vitest';
import { shownAddress } from '#core/shown-address.ts';

it.each([
  ['http://127.0.0.1:9100/metrics', 'http://127.0.0.1:9100/metrics'],
  ['https://x.example/status?token=abc&format=json', 'https://x.example/status?token=…&format=…'],
  ['https://x.example/status?abc', 'https://x.example/status?…'],
  ['https://x.example/status?a=b=c&d#e', 'https://x.example/status?a=…&…'],
  ['https://x.example/#abc', 'https://x.example/'],
  ['https://user:p@ss@x.example/a@b', 'https://x.example/a@b'],
  ['none of these', 'none of these'],
])('%s', (address, shown) => {
  expect(shownAddress(address)).toBe(shown);
});
