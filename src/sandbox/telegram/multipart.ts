// multipart/form-data, read forgivingly: bot libraries write headers that Node's own strict parser refuses.

export interface Part {
  name: string;
  filename?: string;
  type?: string;
  bytes: Buffer;
}

/** The parts of a multipart body, or undefined if it is none. */
export function parseMultipart(body: Buffer, contentType: string): Part[] | undefined {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  if (!boundary) return undefined;
  const mark = Buffer.from(`--${boundary[1] ?? boundary[2]}`);
  const parts: Part[] = [];
  let at = body.indexOf(mark);
  while (at >= 0) {
    const start = at + mark.length;
    // The last boundary ends with two more dashes.
    if (body.subarray(start, start + 2).toString() === '--') return parts;
    const next = body.indexOf(mark, start);
    if (next < 0) return undefined;
    const part = readPart(body.subarray(start, next));
    if (!part) return undefined;
    parts.push(part);
    at = next;
  }
  return undefined;
}

function readPart(section: Buffer): Part | undefined {
  const blank = section.indexOf('\r\n\r\n');
  if (blank < 0) return undefined;
  const head = section.subarray(0, blank).toString('utf8');
  // Between the line break after the boundary and the one before the next.
  const bytes = section.subarray(blank + 4, section.length - 2);
  const value = (key: string) => {
    const match = new RegExp(`[;\\s]${key}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\r\\n]+))`, 'i').exec(head);
    return match ? (match[1] ?? match[2] ?? '').replace(/\\(.)/g, '$1') : undefined;
  };
  const name = value('name');
  if (name === undefined) return undefined;
  const filename = value('filename');
  const type = /^content-type:\s*(\S+)/im.exec(head)?.[1];
  return { name, bytes, ...(filename === undefined ? {} : { filename }), ...(type ? { type } : {}) };
}
