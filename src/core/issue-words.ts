// What zod finds wrong, in plain sentences, for every schema that says nothing of its own. Import it where schemas begin.
import { z } from 'zod';

type Raw = z.core.$ZodRawIssue;

const kinds: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  tuple: 'a list',
  null: 'null',
};
const forms: Record<string, string> = {
  url: 'an address such as https://example.org',
  email: 'an email address',
  datetime: 'an instant such as 2026-05-04T12:30:00Z',
  uuid: 'a UUID',
};

/** One sentence for each code. */
const words: { [code: string]: (issue: never) => string } = {
  invalid_type({ expected, input }: z.core.$ZodIssueInvalidType) {
    return input === undefined ? 'is missing' : `must be ${kinds[expected] ?? expected}`;
  },
  too_small({ origin, minimum, inclusive }: z.core.$ZodIssueTooSmall) {
    if (origin === 'string')
      return minimum === 1 ? 'must not be empty' : `has at least ${minimum} characters`;
    if (origin === 'array') return `has at least ${counted(minimum)}`;
    return `must be ${inclusive === false ? 'more than' : 'at least'} ${said(minimum)}`;
  },
  too_big({ origin, maximum, inclusive }: z.core.$ZodIssueTooBig) {
    if (origin === 'string') return `has at most ${said(maximum)} characters`;
    if (origin === 'array') return `has at most ${counted(maximum)}`;
    return `must be ${inclusive === false ? 'less than' : 'at most'} ${said(maximum)}`;
  },
  invalid_value({ values, input }: z.core.$ZodIssueInvalidValue) {
    const known = values.map(String).join(', ');
    const must = values.length === 1 ? `must be ${known}` : `must be one of ${known}`;
    return input === undefined ? `is missing; it ${must}` : must;
  },
  invalid_format: ({ format }: z.core.$ZodIssueInvalidStringFormat) =>
    forms[format] ? `must be ${forms[format]}` : 'is not written as it should be',
  not_multiple_of: ({ divisor }: z.core.$ZodIssueNotMultipleOf) => `must be a multiple of ${divisor}`,
  unrecognized_keys: ({ keys }: z.core.$ZodIssueUnrecognizedKeys) =>
    `there is no such field: ${keys.map((key) => `“${key.slice(0, 60)}”`).join(', ')}`,
  invalid_union({ errors, input }: z.core.$ZodIssueInvalidUnion) {
    if (input === undefined) return 'is missing';
    const said = [...new Set(errors.flatMap(([first]) => (first ? [first.message] : [])))];
    return said.join(', or ') || 'has none of the forms that are taken';
  },
  invalid_key: () => 'has a name that cannot be used',
  invalid_element: () => 'holds something that cannot be used',
};

/** What is wrong, as the end of a sentence that begins with the name of the place. */
function sayIssue(issue: Raw): string {
  return words[issue.code ?? '']?.(issue as never) ?? 'cannot be used';
}

z.config({ customError: sayIssue });

function said(bound: number | bigint): string {
  return bound.toLocaleString('en-US');
}

function counted(bound: number | bigint): string {
  return Number(bound) === 1 ? '1 entry' : `${said(bound)} entries`;
}
