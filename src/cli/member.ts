// `tocsin member`: who uses this Tocsin, and erasing somebody who leaves.
import { erasePerson } from '#operations/erase-person.ts';
import { ownerNamed } from '#store/named-owner.ts';
import { peopleHere } from '#store/people.ts';
import { operator } from './key.ts';
import { Misused, type Verb } from './verb.ts';

export const member: Verb = {
  name: 'member',
  title: 'who uses this Tocsin; remove erases somebody and everything that is theirs',
  usage: ['member list', 'member remove telegram:7001'],
  async run({ args, open, print, now }) {
    const [deed, who] = args;
    if (deed !== 'list' && (deed !== 'remove' || who === undefined))
      throw new Misused('Say: member list, or member remove telegram:7001.');
    const world = await open();
    try {
      const { db } = world.database;
      if (deed === 'list') {
        for (const { telegramId, name, role } of await peopleHere(db))
          print(`telegram:${telegramId}  ${role.padEnd(6)}  ${name}`);
        return 0;
      }
      const personId = await ownerNamed(db, who!);
      if (!personId?.startsWith('p_')) {
        print('There is nobody like that here.');
        return 1;
      }
      const done = await erasePerson(world, operator, { personId }, now);
      if (!done.ok) {
        print(done.text);
        return 1;
      }
      print(`Removed. Rules that ended: ${done.rules}. Rules of others that told them: ${done.others}.`);
      for (const title of done.burning) print(`Still burns, and they were told so: ${title}`);
      print('Within minutes nothing in the ledger names them.');
      return 0;
    } finally {
      await world.close();
    }
  },
};
