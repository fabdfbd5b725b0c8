// A neutral message: what to say, before any channel gives it a form.
import type { Severity } from './severity.ts';

/** A piece of a line: plain text, text to be set apart, or an instant shown as the reader's own time. */
export type Span =
  | string
  | { bold: string }
  | { code: string }
  | { instant: number; show: 'clock' | 'relative' };
export type Line = Span[];

/** A button: `action` buttons carry a server-side row's id, `link` buttons an address. */
export type Button =
  | { label: string; action: string; payload?: string; style?: 'primary' | 'success' | 'danger' }
  | { label: string; link: string }
  /** Puts a short text on the reader's clipboard, where the channel can. */
  | { label: string; copy: string };

export interface Message {
  /** `🟠`, `✅` …; empty for none. */
  sign: string;
  severity: Severity;
  title: string;
  lines: Line[];
  /** Shown folded: names and values. */
  fields: [string, string][];
  buttons: Button[][];
  /** Told without a sound. */
  silent: boolean;
  /** Shown small, first: “possible repeat, first try 14:02:11”. */
  mark: string | null;
}

/** The message for where it stays as it was sent: how long ago something was would soon be wrong, and goes. */
export function lasting<M extends Pick<Message, 'lines'>>(message: M): M {
  const isAgo = (span: Span | undefined) =>
    typeof span === 'object' && 'show' in span && span.show === 'relative';
  const lines = message.lines.map((line) =>
    line.filter((span, i) => !isAgo(span) && !(span === ', ' && isAgo(line[i + 1]))),
  );
  return { ...message, lines };
}
