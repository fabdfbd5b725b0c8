// `tocsin group`: the group chats that are told, their clock and quiet hours, and leaving one.
import { cleanLine } from '#core/clean.ts';
import { settingsBody, shownSettings } from '#ingest/settings-body.ts';
import { leaveGroup } from '#operations/leave-group.ts';
import { listReceivers } from '#operations/list-receivers.ts';
import { registerGroup } from '#operations/register-group.ts';
import { setSettings } from '#operations/set-settings.ts';
import { countOpen } from '#store/alert-lists.ts';
import { type Group, groupsHere, isProven } from '#store/groups.ts';
import { countRules } from '#store/many-rules.ts';
import { chatNamed, groupNamed } from '#store/named-owner.ts';
import { printList, wantsJson } from './listing.ts';
import { operator } from './operator.ts';
import type { OperatorWorld } from './operator-world.ts';
import { misused, noFurther, readFlags } from './read-flags.ts';
import { runSteps, type Steps } from './steps.ts';
import { Misused, type Verb } from './verb.ts';
import { many, refused } from './words.ts';

const usage = [
  'group list [--json]',
  'group show telegram:-1001234567890',
  'group add telegram:-1001234567890 --title Team   a chat that the bot is in already',
  'group set telegram:-1001234567890 [--zone Europe/Berlin] [--morning 8:30] [--quiet 22:00-07:00|off]',
  'group leave telegram:-1001234567890              tell it nothing any more; its rules stay',
];
const right = {
  list: 'group list',
  show: 'group show telegram:-1001234567890',
  add: 'group add telegram:-1001234567890 --title Team',
  set: 'group set telegram:-1001234567890 --zone Europe/Berlin',
  leave: 'group leave telegram:-1001234567890',
};
const most = 10_000;
const text = { type: 'string' } as const;

const steps: Steps = {
  async list(world, { args, print, aside }) {
    const isJson = wantsJson(args, right.list);
    const { db } = world.database;
    const groups = await groupsHere(db, most);
    const rules = await countRules(
      db,
      groups.map(({ id }) => id),
    );
    const rows = groups.map(({ id, chatId, title, zone }) => ({
      id: `telegram:${chatId}`,
      title,
      zone,
      rules: rules.get(id) ?? 0,
    }));
    const say = (one: (typeof rows)[number]) =>
      `${one.id}  ${cleanLine(one.title)}  ${one.zone}  ${few(one.rules, 'rule')}`;
    const none = 'There are no groups yet. Somebody adds the bot to one in Telegram, and it is here.';
    return printList({ print, aside }, { isJson, rows, say, none });
  },
  async show(world, { args, print }) {
    const group = await named(world, args, right.show);
    const { db } = world.database;
    const { id, chatId, title, leftAt } = group;
    print(`telegram:${chatId}  ${cleanLine(title)}  ${id}`);
    if (leftAt !== null)
      print(`Left ${new Date(leftAt).toISOString().slice(0, 16)}Z; nothing is told there.`);
    else if (!(await isProven(db, group)))
      print('Nothing was told there yet; whether the bot is in it is not known.');
    const { zone, morning, quiet, care } = shownSettings(group);
    print(`Clock ${zone}, morning ${morning}, ${quiet ? `quiet ${quiet.hours}` : 'no quiet hours'}.`);
    if (care) print(`When nobody takes care: ${JSON.stringify(care)}`);
    const [rules, open] = [await countRules(db, [id]), await countOpen(db, [id])];
    print(`${few(rules.get(id), 'rule')}, ${few(open.get(id), 'open alert')}.`);
    const told = await listReceivers(world, operator, { ownerId: id });
    if (!told.ok) return refused(told.text);
    for (const { channel, label, state } of told.receivers)
      print(`  told by ${channel}: ${cleanLine(label)}  ${state}`);
    return 0;
  },
  async add(world, { args, print, now }) {
    const { values, positionals } = readFlags(
      { args, allowPositionals: true, options: { title: text } },
      right.add,
    );
    const [said, ...more] = positionals;
    noFurther(more, right.add);
    const chatId = chatNamed(said ?? '');
    if (chatId === undefined || !values.title?.trim())
      throw misused('Say the chat’s number, which is below zero, and its title.', right.add);
    const done = await registerGroup(world, operator, { chatId, title: values.title }, now);
    if (!done.ok) return refused(done.text);
    print(
      `${cleanLine(done.group.title)} is ${done.isNew ? 'known from now on' : 'known'} (${done.group.id}).`,
    );
    return 0;
  },
  async set(world, { args, print, now }) {
    const options = { zone: text, morning: text, quiet: text } as const;
    const { values, positionals } = readFlags({ args, allowPositionals: true, options }, right.set);
    const group = await named(world, positionals, right.set);
    const { quiet: hours, ...plain } = values;
    if (Object.keys(values).length === 0) throw misused('Say what is to be different.', right.set);
    const said = { ...plain, ...(hours === undefined ? {} : { quiet: hours === 'off' ? null : { hours } }) };
    const read = settingsBody.safeParse(said);
    if (!read.success) {
      const faults = read.error.issues.map(({ path, message }) => `--${String(path[0])}: ${message}`);
      throw misused(faults.join('\n'), right.set);
    }
    const { quiet, ...rest } = read.data;
    const asked = quiet && { window: quiet.hours, breakthrough: quiet.breakthrough };
    const wanted = { ownerId: group.id, ...rest, ...(quiet === undefined ? {} : { quiet: asked ?? null }) };
    const done = await setSettings(world, operator, wanted, now);
    if (!done.ok) return refused(done.text);
    print(`Done. tocsin group show telegram:${group.chatId} shows it.`);
    return 0;
  },
  async leave(world, { args, print, now }) {
    const { chatId, title } = await named(world, args, right.leave);
    const wish = { chatId, why: 'switched off', switchesOff: true };
    const done = await leaveGroup(world, operator, wish, now);
    if (!done.ok) return refused(done.text);
    print(`${cleanLine(title)} is told nothing any more. Its rules stay; tocsin group add brings it back.`);
    return 0;
  },
};

export const group: Verb = {
  name: 'group',
  title: 'list the groups that are told, change their settings, make one known, leave one',
  usage,
  run: runSteps(usage, steps),
};

async function named(world: OperatorWorld, [said, ...more]: string[], line: string): Promise<Group> {
  if (said === undefined) throw misused('Say which; group list names them.', line);
  noFurther(more, line);
  const found = await groupNamed(world.database.db, said);
  if (!found) throw new Misused(`There is no group ${said.slice(0, 60)} here; tocsin group list names them.`);
  return found;
}

function few(count = 0, what: string): string {
  return count === 0 ? `no ${what}s` : many(count, what);
}
