// Who may say what: every command, said by everybody who can reach the bot; a command without a row is refused here.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commands } from '#chat/commands/index.ts';
import { build, type Town } from './button-scene.ts';
import { type Came, hand, masks, messageOf } from './pressing.ts';
import { openStage, type Stage } from './stage.ts';

/** What is typed behind it (`#` is another number each time), and who changes something by it in a group. */
const rows: Record<string, { rest?: string; may?: string }> = {
  start: {},
  subscribe: { rest: 'disk.usage' },
  watch: { rest: 'disk.usage usage > #', may: 'head staff' },
  rules: {},
  sources: {},
  topics: {},
  packs: {},
  my: { rest: 'blocks add b#', may: 'head staff' },
  export: {},
  import: {},
  alerts: {},
  why: { rest: 'today' },
  history: {},
  held: {},
  catchup: { rest: '1d' },
  digest: { rest: 'daily', may: 'head staff' },
  channels: {},
  groups: {},
  quiet: { rest: '22-7', may: 'head staff' },
  silence: { rest: 'disk.part# 1h', may: 'head staff' },
  away: { rest: 'tomorrow' },
  settings: {},
  invite: {},
  broadcast: { rest: 'disk.usage' },
  forget: {},
  members: {},
  help: {},
  cancel: {},
};

let stage: Stage;
let town: Town;
beforeAll(async () => {
  stage = await openStage();
  town = await build(stage);
}, 90_000);
afterAll(() => stage.end());

let said = 0;
const say = (who: number, chat: number, name: string, rest = ''): Promise<Came> =>
  hand(stage, messageOf(stage, who, chat, `/${name} ${rest.replace('#', String(++said))}`.trim()));

it('each command has a row and each row a command', () => {
  const shelf = commands.map(({ name }) => name).sort();
  expect(Object.keys(rows).sort(), 'a new command needs a row here: who changes what by it').toEqual(shelf);
});

it('each is answered to each as its row says', { timeout: 300_000 }, async () => {
  const { team, head, member, staff, stranger, gone } = town;
  const wrong: string[] = [];
  let cells = 0;
  const check = (name: string, who: string, came: Came, fits: boolean) => {
    cells++;
    if (!fits)
      wrong.push(
        `/${name}, ${who}: changed ${came.audited.join(' ') || 'nothing'}, said ${came.spoken} messages`,
      );
  };
  for (const { name, scopes, who } of commands) {
    const { rest, may = '' } = rows[name] ?? {};
    // One polite sentence an hour at most, and nothing else.
    for (const [what, { id }] of Object.entries({ 'a stranger': stranger, 'who was sent away': gone }))
      for (const chat of [id, team.id]) {
        const came = await say(id, chat, name, rest);
        const asks = name === 'start' && chat === id;
        check(name, `${what} in ${chat}`, came, came.audited.length === 0 && came.spoken <= (asks ? 2 : 1));
      }
    for (const [what, id] of Object.entries(masks)) {
      const came = await say(id, team.id, name, rest);
      check(name, `${what} in the group`, came, came.audited.length === 0 && came.spoken <= 1);
    }
    for (const [what, { id }] of Object.entries({ member, head, staff })) {
      const came = await say(id, team.id, name, rest);
      const expected = scopes.includes('group') && may.split(' ').includes(what);
      check(name, `${what} in the group`, came, expected === came.audited.length > 0);
      if (came.spoken === 0) wrong.push(`/${name}, ${what} in the group: no answer`);
    }
    // In private a member is told who may when a command is for admins.
    const mine = await say(member.id, member.id, name, rest);
    check(
      name,
      'member in private',
      mine,
      mine.spoken > 0 && (who === 'member' || mine.audited.length === 0),
    );
    const theirs = await say(staff.id, staff.id, name, rest);
    check(name, 'admin in private', theirs, theirs.spoken > 0);
  }
  console.log(`${commands.length} commands × 11 ways to say them: ${cells} cells asserted`);
  expect(wrong).toEqual([]);
  expect(stage.errors).toEqual([]);
  expect(cells).toBe(commands.length * 11);
  const [row] = await stage.database
    .sql`select count(*)::int as n from people where telegram_id = ${stranger.id}`;
  expect(row!.n, 'a stranger leaves no trace').toBe(0);
});
