// Seed 002 by its example: a page that knows nothing of us, rules from the module, and maintenance by a button.
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { openExample } from '../harness/example-world.ts';
import { temporaryFolder } from '../harness/folder.ts';
import { freePorts } from '../harness/free-port.ts';
import { until } from '../harness/until.ts';
import { story } from './story.ts';

const me = { TOCSIN_OWNER: 'telegram:7001' };

story(
  'a missed attestation, a block, a client that is down, and the button that restarts it',
  async (world) => {
    const { ana } = world;
    const example = await openExample('validator', world);
    const data = temporaryFolder('validator');
    try {
      const [port, hookPort] = await freePorts(2);
      const page = `http://127.0.0.1:${port}/metrics`;
      await world.enrols(ana);
      const client = await example.starts('stand-in.mjs', { PORT: `${port}` });
      const action = JSON.parse(await example.runsWith(me, 'action.sh', `http://127.0.0.1:${hookPort}/`));
      const [ran, program] = [path.join(data.path, 'ran'), path.join(data.path, 'restart')];
      writeFileSync(program, `#!/bin/sh\necho "$#" >> ${ran}\n`);
      chmodSync(program, 0o755);
      const maintain = await example.starts('maintain.mjs', {
        TOCSIN_ACTION_SECRET: action.secret,
        MAINTENANCE: program,
        PORT: `${hookPort}`,
      });
      const shown = await example.runsWith(me, 'watch.mjs', page);
      expect(shown).toContain('Missed attestations since the client started 3');
      expect(shown).toMatch(/created: \d/);
      await world.advance('70s');
      ana.expectsNothing();

      await fetch(page, { method: 'POST', body: 'missed' });
      await world.advance('1m');
      expect(ana.expects('1 attestation was missed').text).toMatch(/^🟠/);
      await fetch(page, { method: 'POST', body: 'proposed' });
      await world.advance('1m');
      expect(ana.expects('1 block was proposed').text).toMatch(/^🔵/);

      await client.stop();
      await world.advance('4m');
      ana.expects('The consensus client does not answer');
      expect(existsSync(ran)).toBe(false);
      await ana.presses('Restart the client');
      ana.expects('shall it happen?');
      expect(existsSync(ran)).toBe(false);
      await ana.presses('Yes, do it');
      await until('the program ran', () => maintain.lines().some((line) => line.endsWith('ran')));
      expect(maintain.lines().at(-1)).toMatch(/^Ana: /);
      expect(readFileSync(ran, 'utf8')).toBe('0\n');
      await world.advance('30s');
      ana.expects('Restart the client: done, it answered HTTP 200. By Ana');
      // The same again adds nothing, and the line of the README makes one more.
      await example.starts('stand-in.mjs', { PORT: `${port}` });
      expect(await example.runsWith(me, 'watch.mjs', page)).toMatch(/created: 0/);
      await ana.says(example.lines('/watch')[0]!);
      ana.expects('Saved: Peers');
    } finally {
      await example.close();
      data.remove();
    }
  },
  // The program has a clock of its own, and refuses what is older than five minutes or still to come.
  { now: Date.now() - 7 * 60_000 },
);
