// Every variable that is read, in the order of .env.example.
import type { z } from 'zod';
import { access } from './access.ts';
import { gateways } from './gateways.ts';
import { guards } from './guards.ts';
import { places } from './places.ts';
import { running } from './running.ts';
import { telegram } from './telegram.ts';
import type { Variable } from './variable.ts';

export const variables = {
  ...telegram,
  ...places,
  ...access,
  ...gateways,
  ...guards,
  ...running,
} as const satisfies Record<string, Variable>;

export type VariableName = keyof typeof variables;
export type Values = { [Name in VariableName]: z.output<(typeof variables)[Name]['read']> };
