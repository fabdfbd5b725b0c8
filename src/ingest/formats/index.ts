// The shelf of formats, in the order they are shown.
import type { Format } from '../format.ts';
import { alertmanager } from './alertmanager.ts';
import { alertmanagerApi } from './alertmanager-api.ts';
import { cloudevents } from './cloudevents.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import { grafana } from './grafana.ts';
import { healthchecks } from './healthchecks.ts';
import { mapped } from './mapped.ts';
import { native } from './native.ts';
import { pagerduty } from './pagerduty.ts';
import { plain } from './plain.ts';
import { sentry } from './sentry.ts';
import { uptimeKuma } from './uptime-kuma.ts';
import { zabbix } from './zabbix.ts';

export const formats: readonly Format[] = [
  native,
  plain,
  cloudevents,
  alertmanager,
  alertmanagerApi,
  grafana,
  pagerduty,
  github,
  gitlab,
  sentry,
  uptimeKuma,
  healthchecks,
  zabbix,
  mapped,
];

/** The format of this name, or undefined. */
export function formatNamed(name: string): Format | undefined {
  return formats.find((format) => format.name === name);
}
