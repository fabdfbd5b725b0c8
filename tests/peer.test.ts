// When another Tocsin counts as gone: patience both ways, one sentence for each change, and what /healthz must say.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { freshPeer, type Look, readHealthz, seePeer } from '../src/cli/peer.ts';

const patience = { down: 3, up: 2, remindMs: 3_600_000 };
const good: Look = { well: true, text: 'its last round trip is 20 s old' };
const bad: Look = { well: false, text: 'nobody listens there' };

function play(looks: Look[], everyMs = 30_000) {
  let state = freshPeer;
  return looks.flatMap((look, i) => {
    const step = seePeer(state, look, patience, 'http://peer/healthz', i * everyMs);
    state = step.state;
    return step.tell === undefined ? [] : [`${i} ${step.tell}`];
  });
}

it('three bad looks in a row make it gone, two good ones bring it back, and both are told once', () => {
  expect(play([good, bad, bad, good, bad, bad, bad, bad, good, bad, good, good, good])).toEqual([
    '6 Tocsin at http://peer/healthz cannot be relied on: nobody listens there. Alerts may not be told until it is back.',
    '11 Tocsin at http://peer/healthz is back: its last round trip is 20 s old. It was away for 3 min.',
  ]);
});

it('while it stays away that is said again, not more often than asked for', () => {
  const said = play(Array.from({ length: 250 }, () => bad));
  expect(said.map((text) => text.split(' ')[0])).toEqual(['2', '122', '242']);
});

it('gone and back are told in turn, whatever is seen', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (seen) => {
      const said = play(seen.map((well) => (well ? good : bad)));
      const kinds = said.map((text) => (/cannot be relied/.test(text) ? 'gone' : 'back'));
      for (const [i, kind] of kinds.entries()) expect(kind).toBe(i % 2 === 0 ? 'gone' : 'back');
    }),
  );
});

it('a peer is well only when it answers as Tocsin does and its round trip is young', () => {
  const health = (status: string, ageSeconds: number | null, why?: string) =>
    JSON.stringify({ status, roundTrip: { ageSeconds }, why });
  expect(readHealthz(200, health('ok', 20), 180).well).toBe(true);
  expect(readHealthz(200, health('degraded', 20), 180).well).toBe(true);
  expect(readHealthz(200, health('starting', null), 180).well).toBe(true);
  expect(readHealthz(200, health('ok', 181), 180)).toMatchObject({ well: false });
  expect(readHealthz(503, health('failing', 20, 'The database does not answer.'), 180)).toEqual({
    well: false,
    text: 'The database does not answer',
  });
  for (const body of ['', 'ok', '[]', 'null', '{"status":"ok"}', '<html>'])
    expect(readHealthz(200, body, 180).text).toContain('not as Tocsin does');
});
