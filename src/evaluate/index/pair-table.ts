// Two whole numbers for each pair of whole numbers, by open addressing in one flat array: sixteen bytes a pair.

export class PairTable {
  private size = 0;
  /** Four to a pair: the first of the pair plus 1, or 0 where none is; the second; what is kept for them. */
  private cells = new Int32Array(4 * 16);

  /** Where the pair stands, or -1. */
  find(first: number, second: number): number {
    const place = this.placeOf(first, second);
    return this.cells[place] === 0 ? -1 : place;
  }

  /** Where the pair stands from now on, with nothing kept for it yet. */
  add(first: number, second: number): number {
    this.size++;
    if (this.size * 8 > this.cells.length) this.widen();
    const place = this.placeOf(first, second);
    this.cells[place] = first + 1;
    this.cells[place + 1] = second;
    return place;
  }

  at(place: number): number {
    return this.cells[place + 2]!;
  }

  count(place: number): number {
    return this.cells[place + 3]!;
  }

  keep(place: number, at: number, count: number): void {
    this.cells[place + 2] = at;
    this.cells[place + 3] = count;
  }

  /** Takes the pair out. What stands after the gap moves up, so that no search ends too early. */
  remove(gap: number): void {
    this.size--;
    const { cells } = this;
    const mask = cells.length - 1;
    let hole = gap;
    for (let place = (gap + 4) & mask; cells[place] !== 0; place = (place + 4) & mask) {
      const home = homeOf(cells[place]! - 1, cells[place + 1]!, mask);
      if (((place - home) & mask) < ((place - hole) & mask)) continue;
      cells.copyWithin(hole, place, place + 4);
      hole = place;
    }
    cells[hole] = 0;
  }

  private placeOf(first: number, second: number): number {
    const { cells } = this;
    const mask = cells.length - 1;
    for (let place = homeOf(first, second, mask); ; place = (place + 4) & mask)
      if (cells[place] === 0 || (cells[place] === first + 1 && cells[place + 1] === second)) return place;
  }

  private widen(): void {
    const old = this.cells;
    this.cells = new Int32Array(old.length * 2);
    for (let i = 0; i < old.length; i += 4)
      if (old[i] !== 0) this.cells.set(old.subarray(i, i + 4), this.placeOf(old[i]! - 1, old[i + 1]!));
  }
}

// Both numbers are given out by us in turn, so nobody chooses them to collide.
function homeOf(first: number, second: number, mask: number): number {
  const hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
  return ((hash ^ (hash >>> 15)) << 2) & mask;
}
