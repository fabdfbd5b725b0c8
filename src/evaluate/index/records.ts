// What a question reads of one rule, side by side in sixteen bytes: one wait for the memory, not one for each part.

const firstRoom = 16;

/** A row of records: a limit, a gate and one more whole number each. */
export class Records {
  /** Two to a record; the second is the two whole numbers. */
  private limits = new Float64Array(2 * firstRoom);
  private wholes = new Int32Array(this.limits.buffer);

  limit(at: number): number {
    return this.limits[2 * at]!;
  }

  gate(at: number): number {
    return this.wholes[4 * at + 2]!;
  }

  other(at: number): number {
    return this.wholes[4 * at + 3]!;
  }

  set(at: number, limit: number, gate: number, other: number): void {
    this.limits[2 * at] = limit;
    this.wholes[4 * at + 2] = gate;
    this.wholes[4 * at + 3] = other;
  }

  move(from: number, to: number, count: number): void {
    this.limits.copyWithin(2 * to, 2 * from, 2 * (from + count));
  }

  /** Makes room for this many. */
  reserve(count: number): void {
    if (2 * count <= this.limits.length) return;
    const { limits } = this;
    this.limits = new Float64Array(2 * Math.max(count, Math.ceil(limits.length * 0.75)));
    this.limits.set(limits);
    this.wholes = new Int32Array(this.limits.buffer);
  }
}
