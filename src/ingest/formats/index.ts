// The shelf of formats, in the order they are shown.
import type { Format } from '../format.ts';
import { alertmanager } from './alertmanager.ts';
import { alertmanagerApi } from './alertmanager-api.ts';
import { cloudevents } from './cloudevents.ts';
import { grafana } from './grafana.ts';
import { native } from './native.ts';
import { pagerduty } from './pagerduty.ts';

export const formats: readonly Format[] = [
  native,
  cloudevents,
  alertmanager,
  alertmanagerApi,
  grafana,
  pagerduty,
];

/** The format of this name, or undefined. */
export function formatNamed(name: string): Format | undefined {
  return formats.find((format) => format.name === name);
}
