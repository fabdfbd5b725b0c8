// `tocsin member`: who uses this Tocsin, and erasing somebody who leaves.
import { cleanLine } from '#core/clean.ts';
import { erasePerson } from '#operations/erase-person.ts';
import { ownerNamed } from '#store/named-owner.ts';
import { findPerson, type Person, peopleHere } from '#store/people.ts';
import { printList, wantsJson } from './listing.ts';
import { operator } from './operator.ts';
import { noFurther } from './read-flags.ts';
import { Misused, type Surroundings, type Verb } from './verb.ts';
import { refused } from './words.ts';

export const member: Verb = {
  name: 'member',
  title: 'who uses this Tocsin; remove erases somebody and everything that is theirs',
  usage: ['member list [--json]', 'member remove telegram:<their number> [--yes]'],
  async run({ args, open, print, aside, ask, now }) {
    const [deed, who, ...more] = args.filter((arg) => arg !== '--yes');
    const isJson = deed === 'list' && wantsJson(args.slice(1), 'member list');
    if (deed !== 'list' && (deed !== 'remove' || who === undefined))
      throw new Misused('Say: member list, or member remove and one of those that it names.');
    if (deed === 'remove') noFurther(more, 'member list');
    const world = await open();
    try {
      const { db } = world.database;
      if (deed === 'list') {
        const none =
          'Nobody uses this Tocsin yet. An owner (OWNER_IDS) writes to the bot, or tocsin invite lets one in.';
        const rows = (await peopleHere(db)).map(memberOf);
        return printList({ print, aside }, { isJson, rows, say: lineOf, none });
      }
      const personId = await ownerNamed(db, who!);
      const person = personId === undefined ? undefined : await findPerson(db, personId);
      if (!person) return refused('There is nobody like that here; tocsin member list names everybody.');
      const owners = await peopleHere(db, ['owner']);
      // Whoever must stay anyway is not asked about; the deed below refuses it.
      const stays = owners.length === 1 && owners[0]!.id === person.id;
      if (!stays && !args.includes('--yes') && !(await isSure(person.name, { print, ask }))) return 1;
      const done = await erasePerson(world, operator, { personId: person.id }, now);
      if (!done.ok) return refused(done.text);
      print(`Removed. Rules that ended: ${done.rules}. Rules of others that told them: ${done.others}.`);
      for (const title of done.burning) print(`Still burns, and they were told so: ${cleanLine(title)}`);
      print('Within minutes nothing in the ledger names them.');
      return 0;
    } finally {
      await world.close();
    }
  },
};

async function isSure(
  name: string,
  { print, ask }: Pick<Surroundings, 'print'> & { ask: Surroundings['ask'] | undefined },
): Promise<boolean> {
  print(`Remove ${cleanLine(name)}? Their rules end, and what is theirs is deleted. It cannot be undone.`);
  if (!ask) {
    print('Nothing was removed. Say it again with --yes.');
    return false;
  }
  const isYes = /^y(es)?$/i.test((await ask('yes or no: ')).trim());
  if (!isYes) print('Nothing was removed.');
  return isYes;
}

const memberOf = ({ telegramId, name, role, zone, createdAt }: Person) => ({
  id: `telegram:${telegramId}`,
  name,
  role,
  zone,
  createdAt,
});

function lineOf({ id, name, role }: ReturnType<typeof memberOf>): string {
  return `${id}  ${role.padEnd(6)}  ${cleanLine(name)}`;
}
