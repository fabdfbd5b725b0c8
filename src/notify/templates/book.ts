// Templates as operations and the chat see them: checked by reading and by trying, and shown in three forms.
import type { Alert } from '#core/alert.ts';
import { cut } from '#core/cut.ts';
import type { Wording } from '#core/wording.ts';
import type { Preview, TemplateBook, TemplateFault } from '#operations/template-book.ts';
import { toHtml, toText } from '#telegram/html.ts';
import type { Told } from '../channel.ts';
import { renderAlert } from '../render.ts';
import { readTemplate, renderTemplate } from './engine.ts';
import { onOneLine } from './markup.ts';
import { scopeOf, variables } from './scope.ts';
import { wordsOf } from './words.ts';

const lineLength = 160;

export const templateBook: TemplateBook = {
  variables,
  check: (wording) =>
    faultsOf(wording, example(0), { rule: 'Disk nearly full', units: {}, zone: 'UTC', now: 0 }),
  preview(wording, about, now) {
    const { alert = example(now), rule, units = {}, zone } = about;
    const facts = { rule: rule ?? alert.title, units, zone, now };
    return { ...previewTemplate(wording, alert, facts), faults: faultsOf(wording, alert, facts) };
  },
};

type Facts = Parameters<typeof scopeOf>[1];

/** One template in three forms: plain, Telegram's HTML, and one line for text messages. */
export function previewTemplate(wording: Wording, alert: Alert, facts: Facts): Preview {
  const kind = alert.status === 'resolved' && alert.reading.momentary !== true ? 'over' : 'firing';
  const words = wordsOf(alert, wording, facts);
  const message = renderAlert(alert, kind, { now: facts.now, heard: true, words });
  const reader = { zone: facts.zone, now: facts.now };
  return { plain: toText(message, reader), html: toHtml(message, reader), line: lineOf(message) };
}

function lineOf({ sign, title, lines }: Told): string {
  const rest = onOneLine(lines, 400);
  return cut(`${sign === '' ? '' : `${sign} `}${title}${rest === '' ? '' : `: ${rest}`}`, lineLength);
}

function faultsOf(wording: Wording, alert: Alert, facts: Facts): TemplateFault[] {
  const ended: Alert = { ...alert, status: 'resolved', resolvedAt: alert.since + 60_000 };
  return Object.entries(wording).flatMap(([path, text]) => {
    if (typeof text !== 'string') return [];
    const read = readTemplate(text);
    if (!read.ok) return [{ path, text: read.fault }];
    for (const one of [alert, ended]) {
      const done = renderTemplate(text, scopeOf(one, facts));
      if (!done.ok) return [{ path, text: done.fault }];
    }
    return [];
  });
}

/** A full disk that burns since five minutes. */
function example(now: number): Alert {
  return {
    id: 'a_example',
    ruleId: 'r_example',
    ownerId: 'p_example',
    key: '',
    labels: { source: 'cad', subject: '/home' },
    topic: 'disk.usage',
    subject: '/home',
    title: 'Disk nearly full',
    fields: { host: 'cad1', usage: '93.5', 'disk.free': '12' },
    status: 'firing',
    severity: 'warning',
    reading: { is: 'met', field: 'usage', value: 93.5, limit: 90, text: '93.5, limit 90' },
    since: now - 300_000,
    firedAt: now - 300_000,
    acknowledgedAt: null,
    acknowledgedBy: null,
    resolvedAt: null,
    snoozedUntil: null,
    dueAt: null,
    count: 3,
    rev: 1,
  };
}
