// Parameters of a call, however they came: query string, JSON, form or multipart.
import { badRequest } from './errors.ts';
import { parseMultipart } from './multipart.ts';

export interface UploadedFile {
  name: string;
  mime: string;
  bytes: Buffer;
}

export interface Params {
  values: Map<string, unknown>;
  files: Map<string, UploadedFile>;
}

/** No parameters. */
export const noParams = (): Params => ({ values: new Map(), files: new Map() });

/** A parameter as text; numbers and booleans are written out; refuses half surrogate pairs. */
export function readText(params: Params, name: string): string | undefined {
  const value = params.values.get(name);
  if (value === undefined || value === null) return undefined;
  const text =
    typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (/\p{Surrogate}/u.test(text)) throw badRequest('strings must be encoded in UTF-8');
  return text;
}

/** A parameter as a whole number, or undefined if it is missing or none. */
export function readInt(params: Params, name: string): number | undefined {
  const text = readText(params, name)?.trim();
  if (text === undefined || !/^-?\d{1,16}$/.test(text)) return undefined;
  return Number(text);
}

/** A parameter as a flag: true, 1, yes and True count as set. */
export function readFlag(params: Params, name: string): boolean {
  return /^(true|yes|1)$/i.test(readText(params, name)?.trim() ?? '');
}

/** A structured parameter; forms carry it as JSON text. */
export function readJson(params: Params, name: string): unknown {
  const value = params.values.get(name);
  if (typeof value !== 'string') return value ?? undefined;
  if (value.trim() === '') return undefined;
  try {
    return JSON.parse(value);
  } catch {
    throw badRequest(`can't parse ${name.replaceAll('_', ' ')} JSON object`);
  }
}

/** Reads the parameters of one request; `body` is the raw body, `type` its content type. */
export function readParams(query: URLSearchParams, body: Buffer, type: string): Params {
  const params = noParams();
  for (const [name, value] of query) params.values.set(name, value);
  if (body.length === 0) return params;
  if (type.startsWith('application/json')) {
    readJsonBody(params, body);
  } else if (type.startsWith('application/x-www-form-urlencoded')) {
    for (const [name, value] of new URLSearchParams(body.toString('utf8'))) params.values.set(name, value);
  } else if (type.startsWith('multipart/form-data')) {
    readForm(params, body, type);
  }
  return params;
}

function readJsonBody(params: Params, body: Buffer): void {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    throw badRequest("can't parse request: can't parse JSON object");
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw badRequest("can't parse request: expected an Object");
  }
  for (const [name, value] of Object.entries(parsed)) params.values.set(name, value);
}

function readForm(params: Params, body: Buffer, type: string): void {
  const parts = parseMultipart(body, type);
  if (!parts) throw badRequest("can't parse multipart/form-data request");
  for (const part of parts) {
    if (part.filename === undefined) params.values.set(part.name, part.bytes.toString('utf8'));
    else {
      // Bot libraries call every file an octet stream; its name says more.
      const isNamed = part.type !== undefined && part.type !== 'application/octet-stream';
      const mime = isNamed ? part.type! : mimeOf(part.filename);
      params.files.set(part.name, { name: part.filename || 'file', mime, bytes: part.bytes });
    }
  }
}

const mimes: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  txt: 'text/plain',
  json: 'application/json',
  yaml: 'application/yaml',
  csv: 'text/csv',
};

function mimeOf(filename: string): string {
  const ending = filename.split('.').at(-1)?.toLowerCase() ?? '';
  return (Object.hasOwn(mimes, ending) && mimes[ending]) || 'application/octet-stream';
}
