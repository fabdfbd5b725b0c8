// What operations and the chat may know of templates: their checks, and how they look. The notify room fills it in.
import type { Alert } from '#core/alert.ts';
import type { Wording } from '#core/wording.ts';

export interface TemplateFault {
  /** `title`, `text` or `over`. */
  path: string;
  text: string;
}

/** The same message in the three forms in which it may be read. */
export interface Preview {
  plain: string;
  /** As Telegram takes it. */
  html: string;
  /** For text messages. */
  line: string;
}

export interface TemplateBook {
  /** The names that a template can use. */
  variables: readonly string[];
  /** Every fault, found by reading it and by wording an example. */
  check(wording: Wording): TemplateFault[];
  /** How this alert, or an example, would be told; with faults where a template cannot be used. */
  preview(
    wording: Wording,
    about: { alert?: Alert; rule?: string; units?: Record<string, string>; zone: string },
    now: number,
  ): Preview & { faults: TemplateFault[] };
}
