// Arguments of a command, with plain words for those that cannot be understood and one line that can.
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { nearest } from '#core/nearest.ts';
import { Misused } from './verb.ts';

/** `right`: a line that would be right, without `tocsin`. */
export function readFlags<T extends ParseArgsConfig>(config: T, right: string) {
  try {
    return parseArgs<T>(config);
  } catch (error) {
    const { code = '', message } = error as Error & { code?: string };
    if (!code.startsWith('ERR_PARSE_ARGS')) throw error;
    throw misused(faultOf(code, message, Object.keys(config.options ?? {})), right);
  }
}

/** A word that has no place. */
export function tooMuch(word: string, right: string): Misused {
  return misused(`“${word.slice(0, 40)}” is one word too many.`, right);
}

/** Throws when there is another word. */
export function noFurther([word]: string[], right: string): void {
  if (word !== undefined) throw tooMuch(word, right);
}

/** What is wrong, and below it what would be right. */
export function misused(fault: string, right: string): Misused {
  return new Misused(`${fault}\nRight is, for example: tocsin ${right}`);
}

function faultOf(code: string, message: string, known: string[]): string {
  const flag = /'(?:-\w, )?(--?[^\s'=]*)/.exec(message)?.[1]?.slice(0, 40);
  const word = /argument '(.*?)'/.exec(message)?.[1]?.slice(0, 40);
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL' && word !== undefined)
    return `“${word}” is one word too many.`;
  if (flag === undefined) return message;
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const near = nearest(flag.replace(/^-+/, ''), known);
    return `There is no ${flag}.${near === undefined ? '' : ` Did you mean --${near}?`}`;
  }
  if (code !== 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') return message;
  return message.includes('ambiguous')
    ? `After ${flag} comes its value; one that begins with - is written ${flag}=-…`
    : message.includes('does not take')
      ? `${flag} takes no value.`
      : `After ${flag} comes its value.`;
}
