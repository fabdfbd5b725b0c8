// Texts by number, kept as bytes outside the heap: a million of them would be a thousand pages that every collection visits.

// A text's number is its block's place: the chunk, and where in it, counted in units.
const unit = 16;
const unitBits = 14;
const unitsPerChunk = 1 << unitBits;
const lengthBytes = 4;
/** Less than this is not worth packing anew: a megabyte. */
const fewUnits = 4 * unitsPerChunk;

export class Texts {
  private chunks: (Buffer | undefined)[] = [];
  private freeChunks: number[] = [];
  /** By size in units: the blocks that nobody has. */
  private freeBlocks: (number[] | undefined)[] = [];
  /** Units of blocks that somebody has, and that nobody has; without texts that have a chunk of their own. */
  private used = 0;
  private free = 0;
  /** The chunk that is being filled, and how far it is. */
  private filling = -1;
  private filled = unitsPerChunk;

  /** Whoever adds a text reads it next. */
  private last = { number: -1, text: '' };

  /** Keeps a text; its number is nobody else's until it is dropped. */
  add(text: string): number {
    const length = Buffer.byteLength(text);
    const number = this.block(unitsFor(length));
    const chunk = this.chunks[chunkOf(number)]!;
    const at = offsetOf(number);
    chunk.writeUInt32LE(length, at);
    chunk.write(text, at + lengthBytes, length, 'utf8');
    this.last = { number, text };
    return number;
  }

  text(number: number): string {
    if (number === this.last.number) return this.last.text;
    const chunk = this.chunks[chunkOf(number)]!;
    const at = offsetOf(number);
    const from = at + lengthBytes;
    return chunk.toString('utf8', from, from + chunk.readUInt32LE(at));
  }

  /** What stands before the first tab. */
  head(number: number): string {
    const chunk = this.chunks[chunkOf(number)]!;
    const from = offsetOf(number) + lengthBytes;
    return chunk.toString('utf8', from, chunk.indexOf(tab, from));
  }

  /** Most of the room is of texts that are gone. A text that grew does not fit where it was, so much may be. */
  get isSparse(): boolean {
    return this.free > this.used && this.free > fewUnits;
  }

  /**
   * Begins anew. What it returns takes a text along and tells its new number; call it once for each that is to stay.
   * Until all have been taken along the old chunks stay, too: up to three times the room of what lives.
   */
  repack(): (number: number) => number {
    const { chunks } = this;
    this.chunks = [];
    this.freeChunks = [];
    this.freeBlocks = [];
    this.used = 0;
    this.free = 0;
    this.filling = -1;
    this.filled = unitsPerChunk;
    this.last = { number: -1, text: '' };
    return (number) => {
      const from = chunks[chunkOf(number)]!;
      const at = offsetOf(number);
      const length = from.readUInt32LE(at);
      const to = this.block(unitsFor(length));
      const there = offsetOf(to);
      from.copy(this.chunks[chunkOf(to)]!, there, at, at + lengthBytes + length);
      return to;
    };
  }

  drop(number: number): void {
    const chunk = chunkOf(number);
    const at = offsetOf(number);
    const units = unitsFor(this.chunks[chunk]!.readUInt32LE(at));
    if (units > unitsPerChunk) {
      this.chunks[chunk] = undefined;
      this.freeChunks.push(chunk);
      return;
    }
    this.used -= units;
    this.free += units;
    const free = this.freeBlocks[units];
    if (free) free.push(number);
    else this.freeBlocks[units] = [number];
  }

  private block(units: number): number {
    // A long text has a chunk of its own.
    if (units > unitsPerChunk) return this.newChunk(units) << unitBits;
    this.used += units;
    const free = this.freeBlocks[units]?.pop();
    if (free !== undefined) {
      this.free -= units;
      return free;
    }
    if (this.filled + units > unitsPerChunk) {
      this.filling = this.newChunk(unitsPerChunk);
      this.filled = 0;
    }
    const number = (this.filling << unitBits) | this.filled;
    this.filled += units;
    return number;
  }

  private newChunk(units: number): number {
    const chunk = this.freeChunks.pop() ?? this.chunks.length;
    // Not from the pool that small buffers share.
    this.chunks[chunk] = Buffer.allocUnsafeSlow(units * unit);
    return chunk;
  }
}

const tab = '\t'.charCodeAt(0);

function unitsFor(length: number): number {
  return Math.ceil((lengthBytes + length) / unit);
}

function chunkOf(number: number): number {
  return number >>> unitBits;
}

/** In bytes from the chunk's beginning. */
function offsetOf(number: number): number {
  return (number & (unitsPerChunk - 1)) * unit;
}
