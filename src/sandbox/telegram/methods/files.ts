// Files: taking them in, handing out file ids, getFile.
import { createHash } from 'node:crypto';
import type { Document } from '@grammyjs/types';
import { badRequest } from '../errors.ts';
import { readText } from '../params.ts';
import type { StoredFile } from '../shapes.ts';
import type { World } from '../world.ts';
import type { Call, Method } from './call.ts';

interface Upload {
  name: string;
  mime: string;
  bytes: Buffer;
}
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
  return keepFile(world, upload);
}

/** Stores a file and hands out its id. */
export function keepFile(world: World, { name, mime, bytes }: Upload): StoredFile {
  const unique = createHash('sha256').update(bytes).digest('base64url').slice(0, 15);
  const file: StoredFile = {
    file_id: `BQACAgQAAxkDAAI${world.state.files.size + 1}-${unique}`,
    unique,
    name,
    mime,
    base64: bytes.toString('base64'),
    size: bytes.length,
  };
  world.commit({ do: 'file', file });
  return file;
}

/** A file as a message shows it. */
export function documentOf({ file_id, unique, name, mime, size }: StoredFile): Document {
  return { file_id, file_unique_id: unique, file_name: name, mime_type: mime, file_size: size };
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
