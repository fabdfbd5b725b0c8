// The silences, as paths of the OpenAPI document.
import { z } from 'zod';
import { silenceDocument } from '#core/silence-document.ts';
import { silenceFiles } from '#operations/document-text.ts';
import { bodyRefusals, does, id, query } from './openapi-words.ts';

const states = ['now', 'later', 'over'];

/** The paths below /v1/silences. */
export function silencePaths(): object {
  const one = z.toJSONSchema(silenceDocument, { io: 'input', unrepresentable: 'any' });
  const taken = { oneOf: [one, { type: 'array', maxItems: silenceFiles.together.json, items: one }] };
  const { for: _, ...told } = one.properties as Record<string, object>;
  const shown = {
    type: 'object',
    properties: { ...told, state: { enum: states } },
    required: ['id', 'owner', 'topic', 'from', 'until', 'madeBy', 'state'],
  };
  const list = { type: 'array', items: shown };
  const count = { type: 'integer' };
  const counted = {
    type: 'object',
    properties: { created: count, changed: count, unchanged: count, over: count, silences: list },
  };
  const example = {
    owner: 'telegram:7001',
    topic: 'disk.**',
    match: ['host = "cad1"'],
    from: '2026-05-04T22:00:00Z',
    for: '2h',
    comment: 'the array is rebuilt',
  };
  return {
    '/v1/silences': {
      get: {
        ...does(
          'What is muted now or will be, as JSON, YAML or NDJSON (key: admin)',
          'The silences; what this gives, POST takes, also where people and rules are called the same.',
          200,
          {
            content: {
              'application/json': { schema: list },
              'application/yaml': { schema: list },
              'application/x-ndjson': { schema: shown },
            },
          },
        ),
        parameters: [
          query('owner', 'whose: telegram:7001, a group’s telegram:-100…, or an id'),
          query('state', 'only those that mute now, will later, or are over', { enum: states }),
          query('format', 'the form', { enum: ['json', 'yaml', 'ndjson'], default: 'json' }),
        ],
      },
      post: {
        ...does(
          'Mute a rule, a topic or what fulfils conditions, for a time; one or many, all or none (key: admin)',
          'The silences, and how many were made, changed (longer, or with other words), as they were, and over before they were sent.',
          201,
          {
            also: { 200: 'The same, when none had to be made.' },
            refuses: [409, ...bodyRefusals],
            content: { 'application/json': { schema: counted } },
          },
        ),
        parameters: [query('owner', 'whose they are when they do not say')],
        requestBody: {
          required: true,
          content: {
            'application/json': { schema: taken, example },
            'application/yaml': { schema: taken },
            'application/x-ndjson': { schema: one },
          },
        },
      },
    },
    '/v1/silences/{id}': {
      get: {
        ...does('One silence, also one that is over (key: admin)', 'The silence.', 200, {
          content: { 'application/json': { schema: shown } },
        }),
        parameters: [id('Its id.')],
      },
      delete: {
        ...does('End a silence now; what it held is told (key: admin)', 'Done.', 200, { refuses: [409] }),
        parameters: [id('Its id.')],
      },
    },
  };
}
