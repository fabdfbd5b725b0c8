// Set template: an admin says how everything under a topic is worded, and in which units its fields are measured.
import { z } from 'zod';
import { type Actor, actorRef } from '#core/actor.ts';
import { sameJson } from '#core/json.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { house } from '#core/owner.ts';
import { patternFault } from '#core/topic.ts';
import { type TopicWording, wordingDocument } from '#core/wording.ts';
import { countTemplates, holdTemplate, saveTemplate } from '#store/templates.ts';
import { authorise } from './may.ts';
import type { Fault } from './rule-draft.ts';
import type { TemplateBook } from './template-book.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

const mostTemplates = 200;

const units = z
  .record(z.string().min(1).max(100), z.string().trim().min(1).max(12, 'a unit has at most 12 characters'))
  .refine((given) => Object.keys(given).length <= 100, { message: 'at most 100 fields have units' });
/** A template as it is written. */
export const templateDocument = wordingDocument.extend({
  topic: z.string().superRefine((topic, context) => {
    const fault = patternFault(topic);
    if (fault) context.addIssue({ code: 'custom', message: fault });
  }),
  units: units.default({}),
});

/** Takes the place of what was said of the same topic pattern before. A rule's own words go first. */
export function setTemplate(
  world: World,
  actor: Actor,
  input: { template: unknown; book: TemplateBook },
  now: number,
): Promise<Outcome<{ template: TopicWording }> & { faults?: Fault[] }> {
  return write(world, actor, 'set-template', now, async (tx) => {
    const refused = await authorise(tx, actor, 'words', house);
    if (refused) return refused;
    const read = templateDocument.safeParse(input.template);
    const faults = read.success
      ? input.book.check(defined(read.data))
      : read.error.issues.map(({ path, message }) => ({ path: path.join('.'), text: message }));
    if (!read.success || faults.length > 0) {
      const text = faults.map(({ path, text: why }) => (path === '' ? why : `${path}: ${why}`)).join('; ');
      return { ...refuse('invalid', `${text}.`), faults };
    }
    const { topic } = read.data;
    const template: TopicWording = { topic, units: read.data.units, ...defined(read.data) };
    const before = await holdTemplate(tx, topic);
    if (before && sameJson(before, template))
      return { ok: true, result: { template }, target: topic, unchanged: true };
    if (!before && (await countTemplates(tx)) >= mostTemplates)
      return refuse('conflict', `There are ${mostTemplates} templates already. Remove one first.`);
    await saveTemplate(tx, template, actorRef(actor), now);
    return { ok: true, result: { template }, target: topic, detail: { ...template } };
  });
}

function defined({ title, text, over }: z.output<typeof templateDocument>) {
  return {
    ...(title === undefined ? {} : { title }),
    ...(text === undefined ? {} : { text }),
    ...(over === undefined ? {} : { over }),
  };
}
