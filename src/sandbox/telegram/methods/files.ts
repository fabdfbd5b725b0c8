// Files: taking them in, handing out file ids, getFile.
import { createHash } from 'node:crypto';
import { badRequest } from '../errors.ts';
import { readText } from '../params.ts';
import type { StoredFile } from '../shapes.ts';
import type { Call, Method } from './call.ts';

const uploadLimit = 50 * 1024 * 1024;

/** The file a call carries under `field`: an upload, attach://name, or a known file_id; stored when new. */
export function fileFrom(call: Call, field: string): StoredFile {
  const { world, params } = call;
  const named = readText(params, field);
  const attached = named?.startsWith('attach://') ? named.slice('attach://'.length) : field;
  const upload = params.files.get(attached);
  if (!upload) {
    if (named === undefined || named === '') throw badRequest(`there is no ${field} in the request`);
    const known = world.state.files.get(named);
    if (known) return known;
    if (/^https?:/.test(named)) throw badRequest('failed to get HTTP URL content');
    throw badRequest('wrong file identifier/HTTP URL specified');
  }
  if (upload.bytes.length === 0) throw badRequest('file must be non-empty');
  if (upload.bytes.length > uploadLimit) throw badRequest('file is too big');
  const unique = createHash('sha256').update(upload.bytes).digest('base64url').slice(0, 15);
  const file: StoredFile = {
    file_id: `BQACAgQAAxkDAAI${world.state.files.size + 1}-${unique}`,
    unique,
    name: upload.name,
    mime: upload.mime,
    base64: upload.bytes.toString('base64'),
    size: upload.bytes.length,
  };
  world.commit({ do: 'file', file });
  return file;
}

const getFile: Method = ({ world, params }) => {
  const file = world.state.files.get(readText(params, 'file_id') ?? '');
  if (!file) throw badRequest('invalid file_id');
  return {
    file_id: file.file_id,
    file_unique_id: file.unique,
    file_size: file.size,
    file_path: `documents/${file.unique}/${encodeURIComponent(file.name)}`,
  };
};

export const fileMethods = { getFile };
