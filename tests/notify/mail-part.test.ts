// A built program from under which the part that sends mails went away: its mails wait, and it goes on.
import { execFile } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../harness/folder.ts';
import { program } from '../harness/program.ts';
import { openPostOffice } from './stand-ins/post-office.ts';

it('is said as a mail that was surely not sent, and not thrown', async () => {
  const [built] = (await program('tests/notify/mailing-program.ts')) as [string];
  const folder = temporaryFolder('mail-part');
  const office = await openPostOffice({ encrypts: false });
  const at = (file: string) => path.join(folder.path, file);
  const mailing = async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      at(path.basename(built)),
      office.url.href,
    ]);
    return JSON.parse(stdout);
  };
  try {
    const from = path.dirname(built);
    for (const file of readdirSync(from))
      if (/^mailing-program.*mjs$/.test(file)) copyFileSync(path.join(from, file), at(file));
    expect(await mailing()).toEqual({ is: 'taken' });
    for (const file of readdirSync(folder.path))
      if (/\bSMTPConnection\b/.test(readFileSync(at(file), 'utf8'))) rmSync(at(file));
    expect(await mailing()).toMatchObject({ is: 'broke', wrote: false });
    expect(office.mails).toHaveLength(1);
  } finally {
    await office.close();
    folder.remove();
  }
}, 60_000);
