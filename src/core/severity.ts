// How bad it is: three steps, in order.
import { z } from 'zod';
import { own } from './own.ts';
import './issue-words.ts';

export const severities = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof severities)[number];
export const severitySchema = z.enum(severities);

/** The sign in front of a message. */
export const severitySign: Record<Severity, string> = { info: '🔵', warning: '🟠', critical: '🔴' };

/** Positive when `a` is worse than `b`, 0 when they are equal. */
export function compareSeverity(a: Severity, b: Severity): number {
  return severities.indexOf(a) - severities.indexOf(b);
}

/** The words other systems use for it (`page`, `error`, `warn`, `P1` …), or undefined. */
export function readSeverity(word: string): Severity | undefined {
  const known: Record<string, Severity> = {
    critical: 'critical',
    crit: 'critical',
    page: 'critical',
    fatal: 'critical',
    emergency: 'critical',
    disaster: 'critical',
    high: 'critical',
    p1: 'critical',
    error: 'critical',
    warning: 'warning',
    warn: 'warning',
    average: 'warning',
    medium: 'warning',
    p2: 'warning',
    p3: 'warning',
    info: 'info',
    information: 'info',
    notice: 'info',
    none: 'info',
    low: 'info',
    ok: 'info',
    p4: 'info',
    p5: 'info',
  };
  return own(known, word.toLowerCase());
}
