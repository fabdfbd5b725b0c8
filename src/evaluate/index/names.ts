// Texts by number: fields and values that rules ask about are compared as numbers. A number is free again with its last user.

export class Names {
  private readonly numbers = new Map<string, number>();
  /** By number; the first is nobody's. */
  private readonly texts: string[] = [''];
  private readonly uses: number[] = [0];
  private readonly free: number[] = [];

  /** The text's number, from 1 on; 0 when nobody uses it. */
  find(text: string): number {
    return this.numbers.get(text) ?? 0;
  }

  text(number: number): string {
    return this.texts[number]!;
  }

  /** The text's number, for one user more. */
  take(text: string): number {
    let number = this.numbers.get(text);
    if (number === undefined) {
      number = this.free.pop() ?? this.texts.length;
      this.numbers.set(text, number);
      this.texts[number] = text;
      this.uses[number] = 0;
    }
    this.uses[number]!++;
    return number;
  }

  /** One user less. */
  give(number: number): void {
    if (--this.uses[number]! > 0) return;
    this.numbers.delete(this.texts[number]!);
    this.texts[number] = '';
    this.free.push(number);
  }
}
