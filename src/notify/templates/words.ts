// An alert in the words of a template; where the template fails, nothing: then it is worded as usual.
import type { Alert } from '#core/alert.ts';
import type { Line } from '#core/message.ts';
import type { Wording } from '#core/wording.ts';
import { renderTemplate } from './engine.ts';
import { linesOf, onOneLine } from './markup.ts';
import { type ScopeFacts, scopeOf, unitOf } from './scope.ts';

/** What the templates say; absent: as usual. */
export interface Words {
  title?: string;
  lines?: Line[];
  over?: Line[];
  /** Of the field that the reading is from. */
  unit?: string;
  /** Why something is worded as usual though there is a template. */
  fault?: string;
}

/** Renders what this alert needs now. */
export function wordsOf(alert: Alert, wording: Wording, facts: ScopeFacts): Words {
  const unit = unitOf(alert, facts.units);
  const words: Words = unit === undefined ? {} : { unit };
  if (wording.title === undefined && wording.text === undefined && wording.over === undefined) return words;
  const scope = scopeOf(alert, facts);
  const render = (part: keyof Wording, use: (lines: Line[]) => void) => {
    const template = wording[part];
    if (template === undefined) return;
    const done = renderTemplate(template, scope);
    if (!done.ok) words.fault ??= `its template (${part}) failed: ${done.fault}`;
    else {
      const lines = linesOf(done.text);
      // Nothing to say is no way to tell somebody.
      if (lines.length > 0) use(lines);
    }
  };
  render('title', (lines) => {
    words.title = onOneLine(lines, 200);
  });
  if (alert.status === 'resolved' && alert.reading.momentary !== true)
    render('over', (lines) => {
      words.over = lines;
    });
  else
    render('text', (lines) => {
      words.lines = lines;
    });
  return words;
}
