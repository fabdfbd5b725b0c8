// Part of every built program: where the sources of its modules are, for what they read from beside themselves.
import path from 'node:path';
import { pathToFileURL } from 'node:url';

export const urlOfSource = (from) => pathToFileURL(path.join(__dirname, from)).href;
