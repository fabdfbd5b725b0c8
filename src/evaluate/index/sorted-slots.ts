// Slots in order of a limit, in chunks of flat arrays: adding one among a million moves a few hundred at most.

const firstRoom = 8;
const mostRoom = 512;

interface Chunk {
  size: number;
  limits: Float64Array;
  slots: Int32Array;
}

/** Pairs of limit and slot; each pair at most once. */
export class SortedSlots {
  size = 0;
  private readonly chunks: Chunk[] = [];

  add(limit: number, slot: number): void {
    this.size++;
    const at = Math.max(0, this.chunkOf(limit, slot));
    let chunk = this.chunks[at];
    if (!chunk) {
      chunk = emptyChunk(firstRoom);
      this.chunks.push(chunk);
    }
    if (chunk.size === mostRoom) {
      const upper = split(chunk);
      this.chunks.splice(at + 1, 0, upper);
      if (comesAfter(limit, slot, upper, 0)) chunk = upper;
    } else if (chunk.size === chunk.slots.length) {
      grow(chunk);
    }
    const place = placeIn(chunk, limit, slot);
    chunk.limits.copyWithin(place + 1, place, chunk.size);
    chunk.slots.copyWithin(place + 1, place, chunk.size);
    chunk.limits[place] = limit;
    chunk.slots[place] = slot;
    chunk.size++;
  }

  remove(limit: number, slot: number): void {
    const at = this.chunkOf(limit, slot);
    const chunk = this.chunks[at];
    if (!chunk) return;
    const place = placeIn(chunk, limit, slot) - 1;
    if (place < 0 || chunk.slots[place] !== slot || chunk.limits[place] !== limit) return;
    chunk.limits.copyWithin(place, place + 1, chunk.size);
    chunk.slots.copyWithin(place, place + 1, chunk.size);
    chunk.size--;
    this.size--;
    if (chunk.size === 0) this.chunks.splice(at, 1);
  }

  /** Adds every slot to `found`. */
  all(found: number[]): void {
    for (const { slots, size } of this.chunks) for (let i = 0; i < size; i++) found.push(slots[i]!);
  }

  /** Adds those with this limit. */
  at(limit: number, found: number[]): void {
    for (let at = Math.max(0, this.chunkOf(limit, -1)); at < this.chunks.length; at++) {
      const chunk = this.chunks[at]!;
      for (let i = placeIn(chunk, limit, -1); i < chunk.size; i++) {
        if (chunk.limits[i] !== limit) return;
        found.push(chunk.slots[i]!);
      }
    }
  }

  /** Adds those with a limit less than `value`, or equal to it when `orEqual`. */
  below(value: number, orEqual: boolean, found: number[]): void {
    for (const { limits, slots, size } of this.chunks) {
      for (let i = 0; i < size; i++) {
        const limit = limits[i]!;
        if (orEqual ? limit > value : limit >= value) return;
        found.push(slots[i]!);
      }
    }
  }

  /** Adds those with a limit greater than `value`, or equal to it when `orEqual`. */
  above(value: number, orEqual: boolean, found: number[]): void {
    for (let at = this.chunks.length - 1; at >= 0; at--) {
      const { limits, slots, size } = this.chunks[at]!;
      for (let i = size - 1; i >= 0; i--) {
        const limit = limits[i]!;
        if (orEqual ? limit < value : limit <= value) return;
        found.push(slots[i]!);
      }
    }
  }

  /** The last chunk that begins at or before the pair; -1: all begin after it. */
  private chunkOf(limit: number, slot: number): number {
    let low = 0;
    let high = this.chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (comesAfter(limit, slot, this.chunks[middle]!, 0)) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** Whether the pair is the one at `i`, or stands after it. */
function comesAfter(limit: number, slot: number, { limits, slots }: Chunk, i: number): boolean {
  return limits[i]! < limit || (limits[i] === limit && slots[i]! <= slot);
}

/** How many pairs of the chunk are this one or stand before it. */
function placeIn(chunk: Chunk, limit: number, slot: number): number {
  let low = 0;
  let high = chunk.size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (comesAfter(limit, slot, chunk, middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function emptyChunk(room: number): Chunk {
  return { size: 0, limits: new Float64Array(room), slots: new Int32Array(room) };
}

function grow(chunk: Chunk): void {
  const { limits, slots } = chunk;
  chunk.limits = new Float64Array(slots.length * 2);
  chunk.slots = new Int32Array(slots.length * 2);
  chunk.limits.set(limits);
  chunk.slots.set(slots);
}

function split(chunk: Chunk): Chunk {
  const half = chunk.size >>> 1;
  const upper = emptyChunk(mostRoom);
  upper.limits.set(chunk.limits.subarray(half, chunk.size));
  upper.slots.set(chunk.slots.subarray(half, chunk.size));
  upper.size = chunk.size - half;
  chunk.size = half;
  return upper;
}
