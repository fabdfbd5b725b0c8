// `tocsin send`: one event to a running server, over HTTP as any service would send it.
import { parseArgs } from 'node:util';
import { readFirstKey } from '../app/first-key.ts';
import { readRunFile } from '../app/run-file.ts';
import { Misused, type Verb } from './verb.ts';

export const send: Verb = {
  name: 'send',
  title: 'send one event to the running server',
  usage: [
    'send disk.usage --subject /home --data usage=93.5 [--label env=prod] [--severity critical]',
    '     [--status firing|resolved] [--fingerprint …] [--id …] [--source …] [--key …] [--url http://…]',
  ],
  async run({ args, config, print }) {
    const one = { type: 'string' } as const;
    const many = { type: 'string', multiple: true } as const;
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        type: one,
        subject: one,
        source: one,
        id: one,
        severity: one,
        status: one,
        fingerprint: one,
        data: many,
        label: many,
        key: one,
        url: one,
      },
    });
    const { type = positionals.shift(), data, label, key: givenKey, url: givenUrl, ...rest } = values;
    if (!type || positionals.length > 0) throw new Misused(`Say what happened: tocsin ${this.usage[0]}`);
    const url =
      givenUrl ?? readRunFile(config.dataDir)?.url ?? config.publicUrl ?? `http://127.0.0.1:${config.port}`;
    const key = givenKey ?? config.bootstrapKey ?? readFirstKey(config.dataDir);
    if (!key) throw new Misused('Give a key with --key; tocsin key create makes one.');
    const event = { type, ...rest, data: pairs(data, readValue), labels: pairs(label, (text) => text) };
    const answer = await fetch(`${url.replace(/\/+$/, '')}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(event),
    }).catch((error: Error) => new Misused(`${url} does not answer (${error.message}). Is Tocsin running?`));
    if (answer instanceof Misused) throw answer;
    print((await answer.text()).trim());
    return answer.ok ? 0 : 1;
  },
};

function pairs<T>(given: string[] | undefined, read: (text: string) => T): Record<string, T> {
  return Object.fromEntries(
    (given ?? []).map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new Misused(`“${pair.slice(0, 40)}” is no name=value.`);
      return [pair.slice(0, at), read(pair.slice(at + 1))];
    }),
  );
}

// 93.5, true and null are what they look like; everything else is text.
function readValue(text: string): unknown {
  return /^(-?\d+(\.\d+)?([eE][+-]?\d+)?|true|false|null)$/.test(text) ? JSON.parse(text) : text;
}
