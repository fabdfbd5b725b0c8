// The library that reads CEL, with what it lacks: arithmetic over mixed numbers, linear patterns, and a budget.
import { Environment } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';
import { weightOf } from './view.ts';

/** Steps and sizes that one evaluation may cost: a few milliseconds at most. */
const budget = 8000;
const spent = new Error('too much work');

/** A step of an expression, as the library has it. */
export interface Node {
  op: string;
  args: unknown;
}

interface Stepper {
  run(node: Node, context: unknown): unknown;
  tryEval(node: Node, context: unknown): unknown;
  debugTypeDeep(value: unknown): unknown;
}

const makers = ['+', 'call', 'rcall', 'comprehension', 'list'];

const arithmetic: Record<string, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};

// One evaluation at a time, from its first step to its last.
let left = 0;

function spend(cost: number): void {
  left -= cost;
  if (left < 0) throw spent;
}

/** Looks at no more than the budget is worth. */
function spendOn(value: unknown): void {
  spend(1 + (weightOf(value, budget * 16) >> (typeof value === 'string' ? 2 : 4)));
}

/** Whatever it costs beyond the budget is not done: then nothing is returned but that. */
export function within<T>(work: () => T): T | typeof tooMuch {
  left = budget;
  try {
    const result = work();
    return left < 0 ? tooMuch : result;
  } catch (error) {
    if (left < 0) return tooMuch;
    throw error;
  }
}

export const tooMuch = Symbol('too much work');

/** The library has no budget. Every step goes through `run` of its evaluator, which a function is called on as `this`. */
function meter(made: Environment): void {
  made.registerFunction(
    'meter(): bool',
    function (this: Stepper) {
      const { run, tryEval, debugTypeDeep } = this;
      this.run = (node, context) => {
        spend(1);
        const result = run.call(this, node, context);
        // What was made new; the rest is in the event already.
        if (makers.includes(node.op) && (typeof result === 'string' || Array.isArray(result)))
          spendOn(result);
        return result;
      };
      this.tryEval = (node, context) => {
        const result = tryEval.call(this, node, context);
        // A fault is made with its place in the text, which costs more than a step.
        if (result instanceof Error) spend(40);
        return result;
      };
      this.debugTypeDeep = (value) => {
        // What is compared, searched or measured is looked at as a whole.
        spendOn(value);
        return debugTypeDeep.call(this, value);
      };
      return true;
    },
    { async: false },
  );
  made.evaluate('meter()', {});
}

function makeEnvironment(): Environment {
  const made = new Environment({
    limits: { maxAstNodes: 300, maxDepth: 24, maxListElements: 100, maxMapEntries: 20, maxCallArguments: 4 },
    enableOptionalTypes: true,
    homogeneousAggregateLiterals: false,
  });
  made.registerVariable('event', 'map<string, dyn>');
  made.registerFunction('string.re(string): bool', search, { async: false });
  // Numbers of events are doubles, numbers in an expression are integers.
  for (const [op, act] of Object.entries(arithmetic))
    for (const [a, b] of [
      ['double', 'int'],
      ['int', 'double'],
      ...(op === '%' ? [['double', 'double']] : []),
    ])
      made.registerOperator(`${a} ${op} ${b}: double`, (x, y) => act(Number(x), Number(y)));
  meter(made);
  return made;
}

const patterns = new Map<string, RE2JS>();

// RE2 is linear in the text; how much that is grows with the pattern.
function search(text: string, pattern: string): boolean {
  spend(20 + (text.length * pattern.length) / 16);
  return compile(pattern).matcher(text).find();
}

/** Why `re()` cannot search for this, or undefined. */
export function patternFault(pattern: unknown): string | undefined {
  if (typeof pattern !== 'string') return 're() takes a pattern in quotes';
  if (pattern.length > 200 || /\{\d{3,}|\{\d*,\d{3,}\}/.test(pattern)) return 'this pattern is too large';
  try {
    compile(pattern);
    return undefined;
  } catch {
    return `“${pattern.slice(0, 60)}” is no pattern that can be used`;
  }
}

function compile(pattern: string): RE2JS {
  const known = patterns.get(pattern);
  if (known) return known;
  if (patterns.size >= 1000) patterns.clear();
  const made = RE2JS.compile(pattern);
  patterns.set(pattern, made);
  return made;
}

export const environment = makeEnvironment();
