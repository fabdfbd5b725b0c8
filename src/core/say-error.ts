// What may be said of an error: a failed query's own message holds its values, so only the database's words are taken.

export interface Tellable {
  name: string;
  /** An SQLSTATE or a system's code such as ECONNREFUSED. */
  code?: string;
  message: string;
}

/** One line about an error, for the log and the ledger: name, code and message; never a query or its values. */
export function sayError(error: unknown): string {
  if (!(error instanceof Error)) return tellable(error).message;
  const { name, code, message } = tellable(error);
  return `${name}${code === undefined ? '' : ` ${code}`}: ${message}`;
}

/** The same in parts. When a failed query is the reason, however deep, it is the innermost cause that is told. */
export function tellable(error: unknown): Tellable {
  if (!(error instanceof Error))
    return { name: '', message: typeof error === 'string' ? error : typeof error };
  const chain = causes(error);
  const values = chain.flatMap(valuesOf);
  const told = chain.some(isQuery) ? chain.at(-1)! : error;
  const { code } = told as { code?: unknown };
  return {
    name: told.name,
    ...(typeof code === 'string' ? { code } : {}),
    message: values.reduce((text, value) => text.replaceAll(value, '…'), wordsOf(told)),
  };
}

/** Whether a failed query is among the reasons: then nothing else of the error may be shown. */
export function comesFromQuery(error: unknown): boolean {
  return error instanceof Error && causes(error).some(isQuery);
}

function causes(error: Error): Error[] {
  const chain: Error[] = [];
  for (let at: unknown = error; at instanceof Error && !chain.includes(at); at = at.cause) chain.push(at);
  return chain;
}

function isQuery(error: Error): boolean {
  return 'query' in error;
}

function wordsOf(error: Error): string {
  // The parser quotes the text it could not read.
  if (error.name === 'SyntaxError') return 'the text cannot be read';
  return 'query' in error && 'params' in error ? 'a query failed' : error.message;
}

// The database may repeat a value in its refusal. Short ones are left: they would tear holes into its words.
function valuesOf(error: Error): string[] {
  const { params, parameters } = error as { params?: unknown; parameters?: unknown };
  return [params, parameters]
    .flatMap((list) => (Array.isArray(list) ? list : []))
    .filter((value): value is string => typeof value === 'string' && value.length >= 6)
    .toSorted((a, b) => b.length - a.length);
}
