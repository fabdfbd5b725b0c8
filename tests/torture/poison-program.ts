// Loaded before the program: an event whose body holds the pill ends the process that evaluates it.
const pill = 'poison-pill';
const parse = JSON.parse;

JSON.parse = (text: string, ...more: [((this: unknown, key: string, value: unknown) => unknown)?]) => {
  if (
    typeof text === 'string' &&
    text.includes(pill) &&
    /[\\/]lanes\.ts/.test(new Error('where').stack ?? '')
  )
    process.kill(process.pid, 'SIGKILL');
  return parse(text, ...more);
};
