// Part of a program that is tortured: an event whose body holds the pill ends the process as soon as a rule reads its value.
const pill = 'poison-pill';
const parse = JSON.parse;

JSON.parse = (text: string, ...more: [((this: unknown, key: string, value: unknown) => unknown)?]) => {
  const read = parse(text, ...more);
  if (
    typeof text === 'string' &&
    text.includes(pill) &&
    /[\\/]lanes\.ts/.test(new Error('where').stack ?? '')
  )
    Object.defineProperty(read.data, 'usage', {
      enumerable: true,
      get: () => process.kill(process.pid, 'SIGKILL'),
    });
  return read;
};
