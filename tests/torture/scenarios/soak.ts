// The program at an even load for a while: what it holds in memory must not grow.
import { readFileSync } from 'node:fs';
import { crowd, signUp } from '../river.ts';
import { openStage } from '../stage.ts';
import { exactly, type Scenario, told } from './scenario.ts';

const sizes = {
  short: { warmSeconds: 20, seconds: 60 },
  release: { warmSeconds: 300, seconds: 1_800 },
};
const perSecond = 50;

export const soak: Scenario = {
  name: 'soak',
  title: 'fifty events a second for a minute (half an hour with --release): memory stays level',
  covers: ['F40'],
  queues: ['postgres'],
  async run({ queue, profile, say }) {
    const { warmSeconds, seconds } = sizes[profile];
    const who = crowd(4);
    const stage = await openStage({ queue, people: who.length });
    try {
      const app = await stage.program('whole');
      await signUp(stage.telegram.telegram, who);
      const samples: { at: number; mb: number }[] = [];
      let refused = 0;
      let sent = 0;
      const began = performance.now();
      for (let second = 0; second < warmSeconds + seconds; second++) {
        // Values that rarely cross a limit: what is soaked is the way of every event, not the telling.
        const events = Array.from({ length: perSecond }, (_, i) => ({
          type: `disk.p${i % 4}`,
          source: 'soak',
          subject: `/d${i % 25}`,
          data: { usage: (second * 7 + i * 13) % 89 },
        }));
        const answer = await fetch(`${app.url}/v1/events`, {
          method: 'POST',
          headers: { authorization: `Bearer ${stage.key}`, 'content-type': 'application/json' },
          body: JSON.stringify(events),
        });
        if (answer.status !== 202) refused++;
        await answer.arrayBuffer();
        sent += events.length;
        const at = (performance.now() - began) / 60_000;
        if (second >= warmSeconds) samples.push({ at, mb: residentOf(app.pid()) });
        if (second % 60 === 0) say(`${residentOf(app.pid()).toFixed(0)} MB after ${second} s`);
        const due = began + (second + 1) * 1_000;
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
      }
      const slope = slopeOf(samples);
      // A minute says little: a collection that is not due yet looks like growth. Half an hour is judged.
      const judged = profile === 'release';
      return [
        told('events', sent),
        exactly('requests refused', refused, 0),
        told('resident memory at the end', `${samples.at(-1)!.mb.toFixed(0)} MB`),
        {
          figure: 'growth',
          value: `${slope.toFixed(2)} MB a minute`,
          must: judged ? '< 1 MB a minute' : '',
          holds: !judged || slope < 1,
        },
      ];
    } finally {
      await stage.close();
    }
  },
};

function residentOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
}

/** By least squares. */
function slopeOf(samples: { at: number; mb: number }[]): number {
  const mean = (read: (sample: { at: number; mb: number }) => number) =>
    samples.reduce((sum, sample) => sum + read(sample), 0) / samples.length;
  const [at, mb] = [mean((one) => one.at), mean((one) => one.mb)];
  const above = samples.reduce((sum, one) => sum + (one.at - at) * (one.mb - mb), 0);
  const below = samples.reduce((sum, one) => sum + (one.at - at) ** 2, 0);
  return below === 0 ? 0 : above / below;
}
