// Zabbix, by a media type of the kind webhook that posts its parameters: problems, updates and recoveries.
import type { EventStatus, NewEvent } from '#core/event.ts';
import type { Json } from '#core/json.ts';
import { readSeverity, type Severity } from '#core/severity.ts';
import { isRecord } from '../fields.ts';
import { factsOf, labelsOf, nameOf, subjectOf, textAt, topicOf, valueAt } from '../foreign.ts';
import { type Format, parsed } from '../format.ts';

/** Not classified, information, warning, average, high, disaster. */
const levels: Severity[] = ['info', 'info', 'warning', 'warning', 'critical', 'critical'];

// The parameters that Zabbix' own media types (templates/media in its source) hand to their scripts.
const body = {
  event_id: '7731',
  event_source: '0',
  event_value: '1',
  event_update_status: '0',
  event_nseverity: '4',
  event_severity: 'High',
  event_name: 'Disk space is critically low (used > 90%)',
  event_date: '2026.05.04',
  event_time: '12:30:00',
  event_opdata: 'Space used: 18.7 GB of 20 GB (93.5 %)',
  event_tags: '[{"tag":"scope","value":"capacity"},{"tag":"component","value":"storage"}]',
  host_name: 'cad1.example.org',
  host_ip: '192.0.2.17',
  trigger_id: '20123',
  zabbix_url: 'https://zabbix.example.org',
  alert_subject: 'Problem: Disk space is critically low',
  alert_message: 'Problem started at 12:30:00 on 2026.05.04',
};

export const zabbix: Format = {
  name: 'zabbix',
  title: 'Zabbix',
  translates: true,
  example: { body },
  parse(given, { source }) {
    const body = isRecord(given) ? filled(given) : given;
    if (!isRecord(body))
      return { ok: false, faults: [{ path: '', text: 'must be an object of parameters' }] };
    const faults = [
      ...(textAt(body, 'event_id') === undefined
        ? [{ path: 'event_id', text: 'is missing; set it to {EVENT.ID}' }]
        : []),
      ...(['0', '1'].includes(textAt(body, 'event_value') ?? '')
        ? []
        : [{ path: 'event_value', text: 'must be 0 or 1; set it to {EVENT.VALUE}' }]),
    ];
    if (faults.length > 0) return { ok: false, faults };
    return parsed([{ at: '', event: toEvent(body, source.name) }], []);
  },
};

/** Without what is only a macro that Zabbix had nothing for: it sends those by their names. */
function filled(body: Record<string, Json>): Record<string, Json> {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => !isMacro(value)));
}

function isMacro(value: Json): boolean {
  return typeof value === 'string' && /^\s*\{[$#?%]?[A-Z][A-Z0-9_.]*(:[^{}]*)?\}\s*$/.test(value);
}

function toEvent(body: Json, source: string): NewEvent {
  const eventId = textAt(body, 'event_id')!;
  const host = textAt(body, 'host_name', 'host');
  const name = textAt(body, 'event_name', 'trigger_name', 'alert_subject');
  return {
    source,
    type: topicOf('zabbix', host ?? 'unnamed'),
    subject: subjectOf(host),
    data: factsOf({
      summary: name,
      description: textAt(body, 'event_opdata', 'alert_message'),
      message: textAt(body, 'event_update_message'),
      url: urlOf(body, eventId),
    }),
    labels: labelsOf({
      host,
      address: textAt(body, 'host_ip'),
      group: textAt(body, 'host_group'),
      trigger: textAt(body, 'trigger_id'),
      ...tagsOf(body),
    }),
    severity: severityOf(body),
    status: statusOf(body),
    // A recovery names the problem's event, so both are one situation.
    fingerprint: nameOf(`zabbix ${eventId}`)!,
  };
}

function statusOf(body: Json): EventStatus {
  if (textAt(body, 'event_value') === '0') return 'resolved';
  const isUpdate = textAt(body, 'event_update_status') === '1';
  const said = `${textAt(body, 'event_ack_status') ?? ''} ${textAt(body, 'event_update_action') ?? ''}`;
  return isUpdate && /\b(yes|(?<!un)acknowledged)\b/i.test(said) ? 'acknowledged' : 'firing';
}

function severityOf(body: Json): Severity {
  const level = levels[Number(textAt(body, 'event_nseverity') ?? Number.NaN)];
  return level ?? readSeverity(textAt(body, 'event_severity') ?? '') ?? 'warning';
}

function urlOf(body: Json, eventId: string): string | undefined {
  const root = textAt(body, 'zabbix_url')?.replace(/\/+$/, '');
  const trigger = textAt(body, 'trigger_id');
  if (root === undefined || !/^https?:/i.test(root) || trigger === undefined) return root;
  const query = new URLSearchParams({ triggerid: trigger, eventid: eventId });
  return `${root}/tr_events.php?${query}`;
}

/** `{EVENT.TAGSJSON}`: a list as text. */
function tagsOf(body: Json): Record<string, string> {
  let tags: Json | undefined = valueAt(body, 'event_tags');
  if (typeof tags === 'string') {
    try {
      tags = JSON.parse(tags) as Json;
    } catch {
      return {};
    }
  }
  if (!Array.isArray(tags)) return {};
  return Object.fromEntries(
    tags.flatMap((tag) => {
      const name = textAt(tag, 'tag');
      return name === undefined ? [] : [[name, textAt(tag, 'value') ?? '']];
    }),
  );
}
