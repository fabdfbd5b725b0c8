// All laws that a machine checks, in one list.
import { documentRules } from './document-rules.ts';
import { fileRules } from './file-rules.ts';
import { importRules } from './import-rules.ts';
import type { Rule } from './rule.ts';
import { syntaxRules } from './syntax-rules.ts';

export const rules: Rule[] = [...importRules, ...syntaxRules, ...fileRules, ...documentRules];
