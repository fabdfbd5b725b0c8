// Part of a program that is tortured: its clock is ahead by the milliseconds that stand in CLOCK_FILE, or behind; looked at all the time.
import { readFileSync } from 'node:fs';

const file = process.env.CLOCK_FILE ?? '';
const Real = Date;
let shift = 0;

const look = () => {
  try {
    shift = Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    // Being written: the next look sees it.
  }
};
look();
setInterval(look, 50).unref();

const now = () => Real.now() + shift;
const Shifted = new Proxy(Real, {
  apply: () => new Real(now()).toString(),
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
Real.prototype.constructor = Shifted;
globalThis.Date = Shifted;
