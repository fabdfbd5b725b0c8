// Any JSON whose fields somebody has explained: the mapping of the source says what they mean.
import { applyMapping, type Mapping } from '#core/mapping.ts';
import { type Format, parsed } from '../format.ts';

export const mapped: Format = {
  name: 'mapped',
  title: 'Any JSON, by the source’s own mapping',
  keeps: true,
  translates: true,
  example: {
    body: { event: 'backup', state: 'failed', host: 'cad1', message: 'No space left', took_seconds: 12 },
  },
  parse(body, { source }) {
    if (source.mapping === undefined)
      return { ok: false, faults: [{ path: '', text: lacking(source.name) }] };
    const read = applyMapping(source.mapping satisfies Mapping, body, source.name);
    if (!read.ok) return { ok: false, faults: read.lacks };
    return parsed(read.events, []);
  },
};

function lacking(name: string): string {
  return `nobody has said yet what the fields of “${name}” mean; PUT /v1/sources/${encodeURIComponent(name)}/mapping does`;
}
