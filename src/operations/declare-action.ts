// Declare an action: what may be done because of an alert, by whom, and which alerts carry it.
import type { Pressers } from '#core/act.ts';
import { type Actor, actorRef, type Role, roles } from '#core/actor.ts';
import { type Condition, listsOf, parseCondition } from '#core/condition.ts';
import { type Outcome, type Refusal, refuse } from '#core/outcome.ts';
import { house } from '#core/owner.ts';
import { patternFault } from '#core/topic.ts';
import { type Action, actionPlace, findAction, lockActions, saveAction } from '#store/actions.ts';
import type { Reader } from '#store/connection.ts';
import { ownerNamed } from '#store/named-owner.ts';
import type { ActionBook } from './action-book.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

export interface ActionInput {
  name: string;
  /** On the button; the name when absent. */
  title?: string;
  kind?: string;
  params: unknown;
  topic: string;
  match?: string[];
  /** Roles, and people such as `telegram:7001`; admins and owners when absent. */
  may?: { roles?: string[]; people?: string[] };
  confirm?: boolean;
  idempotent?: boolean;
  perHour?: number;
}

type Declared = { action: Action; isNew: boolean; secret?: string };
type Refused = Refusal & { faults?: { path: string; text: string }[] };
const most = 200;

/** Makes it, or changes the one of this name. The secret by which it signs is made once, and shown this once. */
export async function declareAction(
  world: World,
  book: ActionBook,
  actor: Actor,
  input: ActionInput,
  now: number,
): Promise<Outcome<Declared> | Refused> {
  const { db } = world.database;
  const refused = await authorise(db, actor, 'outside', house);
  if (refused) return refused;
  const read = await readInput(db, book, input);
  if (!read.ok) return read;
  if (world.keyring.active() === undefined)
    return refuse(
      'conflict',
      'There is no encryption key: set ENCRYPTION_KEYS, or DATA_DIR where it is kept.',
    );
  const { given } = read;
  return write<Declared>(world, actor, 'declare-action', now, async (tx) => {
    const count = await lockActions(tx);
    const before = await findAction(tx, given.name);
    if (!before && count >= most) return refuse('conflict', `There are ${most} actions already.`);
    const id = before?.id ?? world.id('x');
    const secret = `whsec_${Buffer.from(world.chance(32)).toString('base64')}`;
    const action: Action = {
      ...given,
      id,
      secret: before?.secret ?? world.keyring.seal(secret, actionPlace(id), world.chance(12)),
      createdBy: before?.createdBy ?? actorRef(actor),
      createdAt: before?.createdAt ?? now,
      updatedAt: now,
    };
    await saveAction(tx, action);
    const result = { action, isNew: !before, ...(before ? {} : { secret }) };
    const { name, kind, topic, may } = action;
    return { ok: true, result, target: id, detail: { name, kind, topic, may: { ...may } } };
  });
}

type Given = Omit<Action, 'id' | 'secret' | 'createdBy' | 'createdAt' | 'updatedAt'>;

async function readInput(
  db: Reader,
  book: ActionBook,
  input: ActionInput,
): Promise<{ ok: true; given: Given } | Refused> {
  const {
    name,
    title = name,
    kind = 'http',
    topic,
    confirm = true,
    idempotent = false,
    perHour = 20,
  } = input;
  if (!/^[a-z0-9][a-z0-9_-]{0,39}$/.test(name))
    return refuse('invalid', 'An action’s name has 1 to 40 small letters, digits, _ and -.');
  if (title.trim() === '' || title.length > 30)
    return refuse('invalid', 'A title has 1 to 30 characters: it stands on a button.');
  const fault = patternFault(topic);
  if (fault !== undefined) return refuse('invalid', `The topic cannot be used: ${fault}.`);
  if (!(Number.isInteger(perHour) && perHour >= 1 && perHour <= 1000))
    return refuse('invalid', 'It may happen 1 to 1,000 times an hour.');
  const match: Condition[] = [];
  for (const text of (input.match ?? []).slice(0, 21)) {
    const read = parseCondition(text);
    if (!read.ok) return refuse('invalid', `${read.fault}.`);
    match.push(read.condition);
  }
  if (match.length > 20) return refuse('invalid', 'There are at most 20 conditions.');
  if (listsOf(match).length > 0)
    return refuse('invalid', 'Conditions here cannot ask for somebody’s own list.');
  const checked = book.check(kind, input.params);
  if (!checked.ok) return { ...refuse('invalid', 'The action has faults.'), faults: checked.faults };
  const may = await readMay(db, input.may);
  if (!may.ok) return may;
  const given = { name, title: title.trim(), kind, params: checked.params, topic, match, may: may.may };
  return { ok: true, given: { ...given, confirm, idempotent, perHour } };
}

async function readMay(
  db: Reader,
  given: ActionInput['may'] = { roles: ['admin', 'owner'] },
): Promise<{ ok: true; may: Pressers } | Refusal> {
  const people: string[] = [];
  for (const said of (given.people ?? []).slice(0, 100)) {
    const id = await ownerNamed(db, said);
    if (!id?.startsWith('p_'))
      return refuse('invalid', `There is nobody called “${said.slice(0, 40)}” here.`);
    people.push(id);
  }
  const wrong = (given.roles ?? []).find((role) => !(roles as readonly string[]).includes(role));
  if (wrong !== undefined)
    return refuse('invalid', `“${wrong.slice(0, 40)}” is no role; there are ${roles.join(', ')}.`);
  const named = (given.roles ?? []) as Role[];
  if (people.length + named.length === 0) return refuse('invalid', 'Say who may press it: roles, or people.');
  return { ok: true, may: { roles: named, people } };
}
