// Part of every built program: where the sources of its modules are, for what they read from beside themselves.

export const urlOfSource = (from) => new URL(from, import.meta.url).href;
