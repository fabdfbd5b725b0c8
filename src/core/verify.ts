// Asked before an alert is told: the target that a rule names, and how long that may take.
import { own } from './own.ts';

/** No alert waits longer for an answer. */
export const answerWithinMs = 60_000;
/** While a target answers, an alert is held back; an older answer than this is not believed. */
export const believedMs = 300_000;

const names = /\{([A-Za-z0-9_.-]{1,100})\}/g;

/** Whose name the rule says: a target's, in which `{subject}` or another label stands for what the alert is about. */
export function targetToAsk(
  verify: string,
  { subject, labels }: { subject: string; labels: Record<string, string> },
): string {
  return verify.replace(
    names,
    (_whole, name: string) => own(labels, name) || (name === 'subject' ? subject : ''),
  );
}

/** Whether it names one target, whatever the alert is about. */
export function namesOneTarget(verify: string): boolean {
  return verify.replace(names, '') === verify;
}
