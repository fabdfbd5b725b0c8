// What is done about an alert, over HTTP with a key of the scope `admin`: the same operations as the alert's buttons.
import type { Hono } from 'hono';
import { z } from 'zod';
import { type Actor, actorName } from '#core/actor.ts';
import type { Outcome } from '#core/outcome.ts';
import { isGroup } from '#core/owner.ts';
import { spanSchema } from '#core/rule.ts';
import { acknowledgeAlert } from '#operations/acknowledge-alert.ts';
import { noteAlert } from '#operations/note-alert.ts';
import { releaseAlert } from '#operations/release-alert.ts';
import { resolveAlert } from '#operations/resolve-alert.ts';
import { snoozeAlert } from '#operations/snooze-alert.ts';
import type { AlertOutcome } from '#operations/step-alert.ts';
import { unsnoozeAlert } from '#operations/unsnooze-alert.ts';
import type { World } from '#operations/world.ts';
import { findAlert } from '#store/find-alerts.ts';
import { ownerNamed } from '#store/named-owner.ts';
import { findPerson } from '#store/people.ts';
import { timeField } from './fields.ts';
import { type KeyBook, mayTouch } from './key-book.ts';
import { answer, idIn, managing, readJson, readJsonOrNone } from './managing.ts';
import { body, bodyRefusals, does, id } from './openapi-words.ts';
import { problemResponse, problems } from './problem.ts';

const by = z.string('must be text, such as telegram:7001').optional();
const plain = z.strictObject({ by });
const noted = z.strictObject({ by, text: z.string('must be text') });
const snoozed = z
  .strictObject({
    by,
    for: spanSchema.optional(),
    until: z
      .union([z.enum(['morning', 'change']), timeField], 'must be an instant, morning or change')
      .optional(),
  })
  .refine((one) => (one.for === undefined) !== (one.until === undefined), {
    path: ['until'],
    message: 'say either for (2h) or until (an instant, morning or change)',
  });

interface Deed {
  does: string;
  body: z.ZodType<{ by?: string | undefined }>;
  /** The field that is at fault when what was sent cannot be done. */
  field?(said: unknown): string;
  run(world: World, actor: Actor, alertId: string, said: unknown, now: number): Promise<AlertOutcome>;
}
type Verb = typeof acknowledgeAlert;
const pressed = (title: string, verb: Verb): Deed => ({
  does: title,
  body: plain,
  run: (world, actor, alertId, _said, now) => verb(world, actor, { alertId }, now),
});

const deeds: Record<string, Deed> = {
  acknowledge: pressed('Somebody has seen it and takes care of it', acknowledgeAlert),
  release: pressed('Whoever acknowledged it hands it back', releaseAlert),
  resolve: pressed('Somebody says that it is over', resolveAlert),
  snooze: {
    does: 'Put it off; it comes back by itself while it lasts, with until “change” when it got worse (snoozedUntil is 9999 then)',
    body: snoozed,
    field: (said) => ((said as z.output<typeof snoozed>).for === undefined ? 'until' : 'for'),
    run(world, actor, alertId, said, now) {
      const { for: span, until } = said as z.output<typeof snoozed>;
      if (until === 'morning' || until === 'change')
        return snoozeAlert(world, actor, { alertId, until }, now);
      return snoozeAlert(world, actor, { alertId, for: span ?? until! - now }, now);
    },
  },
  unsnooze: pressed('Put it off no longer', unsnoozeAlert),
  note: {
    does: 'Leave words at it, for everybody who looks at it',
    body: noted,
    field: () => 'text',
    run: (world, actor, alertId, said, now) =>
      noteAlert(world, actor, { alertId, text: (said as z.output<typeof noted>).text }, now),
  },
};

/** Adds `POST /v1/alerts/{id}/acknowledge` and its sisters. */
export function addAlertDeedRoutes(
  app: Hono,
  { world, keys, now }: { world: World; keys: KeyBook; now: () => number },
): void {
  for (const [name, deed] of Object.entries(deeds))
    app.post(
      `/v1/alerts/:id/${name}`,
      managing(keys, now, async ({ actor, caller, at }, c) => {
        const said = await (deed.body === plain ? readJsonOrNone : readJson)(c.req.raw, deed.body);
        if (!said.ok) return said.response;
        // What a key may not read is not there for it.
        const alert = await findAlert(world.database.db, idIn(c));
        if (!alert || !mayTouch(caller, alert.topic))
          return problemResponse(problems.notFound('There is no alert with this id.'));
        const named = await onBehalf(world, actor, said.value.by);
        if (!named)
          return problemResponse(
            problems.unfit([{ path: 'by', text: 'nobody here is called that; it is like telegram:7001' }]),
          );
        const done: Outcome<{ alert: object }> = await deed.run(world, named, alert.id, said.value, at);
        const field = deed.field?.(said.value);
        if (!done.ok && done.code === 'invalid' && field)
          return problemResponse({
            ...problems.unfit([{ path: field, text: done.text }]),
            detail: done.text,
          });
        return answer(done.ok ? { ok: true, ...done.alert } : done);
      }),
    );
}

/** The key itself, called by the person in whose name it acts and by its own; the trail names both. */
async function onBehalf(world: World, actor: Actor, said: string | undefined): Promise<Actor | undefined> {
  if (said === undefined || actor.is !== 'key') return actor;
  const { db } = world.database;
  const personId = await ownerNamed(db, said);
  const person = personId === undefined || isGroup(personId) ? undefined : await findPerson(db, personId);
  if (!person || person.leftAt !== null) return undefined;
  return { ...actor, name: `${person.name} (through ${actorName(actor)})`, forPerson: person.id };
}

/** Their paths in the OpenAPI document. */
export function alertDeedPaths(): object {
  return Object.fromEntries(
    Object.entries(deeds).map(([name, deed]) => [
      `/v1/alerts/{id}/${name}`,
      {
        post: {
          ...does(
            `${deed.does}; “by” names the person for whom the key does it (key: admin)`,
            'The alert as it is now; 409 says how it stands when there is nothing to change.',
            200,
            { refuses: [409, ...bodyRefusals] },
          ),
          parameters: [id('The alert’s id.')],
          requestBody: body(deed.body, deed.body !== plain),
        },
      },
    ]),
  );
}
