// The kinds of actions there are. A new one: copy the nearest file, add a line here.
import type { ActionKind } from '../action.ts';
import { http } from './http.ts';

export const actions: readonly ActionKind[] = [http];
