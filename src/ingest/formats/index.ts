// The shelf of formats, in the order they are shown.
import type { Format } from '../format.ts';
import { alertmanager } from './alertmanager.ts';
import { cloudevents } from './cloudevents.ts';
import { native } from './native.ts';

export const formats: readonly Format[] = [native, cloudevents, alertmanager];

/** The format of this name, or undefined. */
export function formatNamed(name: string): Format | undefined {
  return formats.find((format) => format.name === name);
}
