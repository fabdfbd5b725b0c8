// A new place to be told at: an e-mail address, a webhook … What was typed is sealed; a person's address waits for its code.
import { type Actor, actorRef } from '#core/actor.ts';
import { type Outcome, type Refusal, refuse } from '#core/outcome.ts';
import { addTest } from '#store/notes.ts';
import { contactPlace, addReceiver as keepReceiver, receiversOf } from '#store/receivers.ts';
import type { ChannelBook, Contact, ContactForm, Shown } from './channel-book.ts';
import { authorise, roleOf } from './may.ts';
import { placeName } from './rename-receiver.ts';
import { sendCode, tooManyCodes, unconfirmed } from './send-code.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** At most so many of one owner. */
const most = 50;
const mostUnconfirmed = 5;

export interface AddReceiverInput {
  ownerId: string;
  channel: string;
  /** The fields that the channel asks for. */
  contact: unknown;
  /** What it is called in lists and in rules; without one something that gives nothing away. */
  label?: string;
}

export interface AddedReceiver {
  id: string;
  label: string;
  /** Whether a code was sent there, and nothing else will be before it is confirmed. */
  waits: boolean;
  /** What is shown only now: a webhook's secret. */
  shown: Shown;
}
export type ContactRefusal = Refusal & { faults?: { path: string; text: string }[] };

/** Adds it; a machine is pinged, a person's address gets a code. */
export async function addReceiver(
  world: World,
  book: ChannelBook,
  actor: Actor,
  { ownerId, channel, contact: typed, label }: AddReceiverInput,
  now: number,
): Promise<Outcome<AddedReceiver> | ContactRefusal> {
  // Before anything is looked up for somebody.
  const early = await authorise(world.database.db, actor, 'settings', ownerId);
  if (early) return early;
  const info = book.find(channel);
  const form = info?.contact;
  if (!info || !form)
    return refuse('invalid', `There is no channel “${channel.slice(0, 40)}” to add a receiver on.`);
  if (info.missing !== null) return refuse('conflict', `${info.title} cannot be used here: ${info.missing}.`);
  const read = book.check(channel, typed);
  if (!read.ok) return refuseContact(read.faults);
  const fault = await lookedUp(world, actor, form, read.contact);
  if (fault === 'busy')
    return refuse(
      'conflict',
      'Several addresses are being looked up for you already; try again in a moment.',
    );
  if (fault !== undefined) return refuseContact([{ path: Object.keys(read.contact)[0] ?? '', text: fault }]);
  const name = placeName(label ?? form.label(read.contact));
  if (name === '') return refuse('invalid', 'A receiver needs a name of at least one letter.');
  const { contact, shown } = form.complete?.(read.contact, world.chance) ?? {
    contact: read.contact,
    shown: {},
  };
  return write(world, actor, 'add-receiver', now, async (tx) => {
    const refused = await authorise(tx, actor, 'settings', ownerId);
    if (refused) return refused;
    const others = await receiversOf(tx, [ownerId]);
    if (others.length >= most)
      return refuse('conflict', `There are ${most} receivers already; remove one first.`);
    if (others.some((one) => one.label === name))
      return refuse('conflict', `There is a receiver “${name}” already; give this one another name.`);
    if (others.filter(({ disabled }) => disabled === unconfirmed).length >= mostUnconfirmed)
      return refuse('conflict', 'Several addresses wait for their codes; confirm or remove them first.');
    const limited = form.confirms && (await tooManyCodes(tx, actor, channel, now));
    if (limited) return limited;
    const id = world.id('v');
    const receiver = {
      id,
      ownerId,
      channel,
      address: id,
      label: name,
      contact: seal(world, id, contact),
      everyChange: info.everyChange,
      createdAt: now,
    };
    await keepReceiver(tx, receiver, form.confirms ? unconfirmed : null, now);
    const rings = form.confirms ? await sendCode(tx, world, id, now) : await addTest(tx, id, now);
    const result = { id, label: name, waits: form.confirms, shown };
    return { ok: true, result, target: id, detail: { ownerId, channel }, rings };
  });
}

const mostLookUps = 3;
const lookUps = new WeakMap<World, Map<string, number>>();

/** Why nothing would be sent there. Only admins are told what kind of address it is: it says what stands inside. */
async function lookedUp(
  world: World,
  actor: Actor,
  form: ContactForm,
  contact: Contact,
): Promise<string | 'busy' | undefined> {
  if (!form.fault) return undefined;
  const counts = lookUps.get(world) ?? new Map<string, number>();
  lookUps.set(world, counts);
  const who = actorRef(actor);
  const running = counts.get(who) ?? 0;
  if (running >= mostLookUps) return 'busy';
  counts.set(who, running + 1);
  try {
    const fault = await form.fault(contact);
    if (fault === undefined) return undefined;
    const role = await roleOf(world.database.db, actor);
    return role === 'admin' || role === 'owner' ? fault : forMembers;
  } finally {
    const left = counts.get(who)! - 1;
    if (left > 0) counts.set(who, left);
    else counts.delete(who);
  }
}

const forMembers = 'nothing can be sent to this address from here; an admin can find out why, and change it';

/** The contact as the ledger keeps it. */
export function seal(world: World, receiverId: string, contact: Contact): string {
  return world.keyring.seal(JSON.stringify(contact), contactPlace(receiverId), world.chance(12));
}

function refuseContact(faults: { path: string; text: string }[]): ContactRefusal {
  const text = faults.map(({ path, text: why }) => (path === '' ? why : `${path}: ${why}`)).join('; ');
  return { ...refuse('invalid', `${text}.`), faults };
}
