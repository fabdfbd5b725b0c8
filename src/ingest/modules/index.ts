// The shelf of modules, in the order they are offered.
import type { Module } from '../module.ts';
import { host } from './host.ts';

export const modules: readonly Module[] = [host] as readonly Module[];

/** The module of this name, or undefined. */
export function moduleNamed(name: string): Module | undefined {
  return modules.find((module) => module.name === name);
}
