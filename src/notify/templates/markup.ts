// What a template may set apart: <b>, <code> and line breaks become lines of a neutral message; all else is text.
import { cut } from '#core/cut.ts';
import type { Line, Span } from '#core/message.ts';

const mostLines = 40;
const mostLength = 3000;

/** The lines of a rendered template: no empty ones at its ends, never two together. */
export function linesOf(rendered: string): Line[] {
  const lines: Line[] = [[]];
  let bold = 0;
  let code = 0;
  for (const piece of cut(rendered, mostLength).split(/(<\/?(?:b|strong|code|pre)>|\n)/i)) {
    const tag = /^<(\/?)(b|strong|code|pre)>$/i.exec(piece);
    if (piece === '\n') lines.push([]);
    else if (!tag) {
      if (piece !== '') lines.at(-1)!.push(spanOf(plain(piece), bold > 0, code > 0));
    } else {
      const step = tag[1] === '' ? 1 : -1;
      if (/^(b|strong)$/i.test(tag[2]!)) bold = Math.max(0, bold + step);
      else code = Math.max(0, code + step);
    }
  }
  const kept = lines.filter((line, i) => !isEmpty(line) || (i > 0 && !isEmpty(lines[i - 1]!)));
  while (kept.length > 0 && isEmpty(kept.at(-1)!)) kept.pop();
  return kept.length > mostLines ? [...kept.slice(0, mostLines - 1), ['…']] : kept;
}

/** The same on one line, without form: for a title, or for where there is room for no more. */
export function onOneLine(lines: Line[], most: number): string {
  const text = lines
    // A time has no form of its own here.
    .filter((line) => !isEmpty(line) && !line.some((span) => typeof span === 'object' && 'instant' in span))
    .map((line) => line.map(textOf).join('').trim())
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
  return cut(text, most);
}

function spanOf(text: string, bold: boolean, code: boolean): Span {
  return code ? { code: text } : bold ? { bold: text } : text;
}

function textOf(span: Span): string {
  if (typeof span === 'string') return span;
  return 'bold' in span ? span.bold : 'code' in span ? span.code : '';
}

function isEmpty(line: Line): boolean {
  return line.every((span) => textOf(span).trim() === '');
}

function plain(text: string): string {
  return text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
}
