// Every verb against every kind of actor: who may, who may not, and that what was done was noted, and nothing else.
import { readdirSync } from 'node:fs';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '#core/actor.ts';
import type { Outcome } from '#core/outcome.ts';
import { kindBook } from '#evaluate/kind-book.ts';
import { addToList } from '#operations/add-to-list.ts';
import { createRule } from '#operations/create-rule.ts';
import { deleteList } from '#operations/delete-list.ts';
import { deleteRule } from '#operations/delete-rule.ts';
import { editRule } from '#operations/edit-rule.ts';
import { gatherHourly } from '#operations/gather-hourly.ts';
import { importRules } from '#operations/import-rules.ts';
import { invite } from '#operations/invite.ts';
import { leaveGroup } from '#operations/leave-group.ts';
import { leaveRule } from '#operations/leave-rule.ts';
import { liftSilence } from '#operations/lift-silence.ts';
import { migrateGroup } from '#operations/migrate-group.ts';
import { noteForum } from '#operations/note-forum.ts';
import { pauseRule } from '#operations/pause-rule.ts';
import { registerGroup } from '#operations/register-group.ts';
import { removeFromList } from '#operations/remove-from-list.ts';
import { retryTopics } from '#operations/retry-topics.ts';
import { sampleRule } from '#operations/sample-rule.ts';
import { savePack } from '#operations/save-pack.ts';
import { setAway } from '#operations/set-away.ts';
import { setCare } from '#operations/set-care.ts';
import { setDigest } from '#operations/set-digest.ts';
import { setList } from '#operations/set-list.ts';
import { setMorning } from '#operations/set-morning.ts';
import { setQuietHours } from '#operations/set-quiet-hours.ts';
import { setSettings } from '#operations/set-settings.ts';
import { setStyle } from '#operations/set-style.ts';
import { setZone } from '#operations/set-zone.ts';
import { shareRule } from '#operations/share-rule.ts';
import { silenceAlerts } from '#operations/silence-alerts.ts';
import { switchAddress } from '#operations/switch-address.ts';
import { takePack } from '#operations/take-pack.ts';
import { tellInTopic } from '#operations/tell-in-topic.ts';
import type { World } from '#operations/world.ts';
import { auditTrail } from '#store/audit.ts';
import { chatAway } from '#store/forum-topics.ts';
import { receiversOf } from '#store/receivers.ts';
import { alertVerbs } from './alert-verbs.ts';
import { broadcastVerbs } from './broadcast-verbs.ts';
import { aPack, houseVerbs } from './house-verbs.ts';
import { peopleVerbs } from './people-verbs.ts';
import { receiverVerbs } from './receiver-verbs.ts';
import { elsewhere, notVerbs } from './rights-elsewhere.ts';
import {
  addAlert,
  addGroup,
  addPerson,
  addRule,
  asActor,
  newNumber,
  noon,
  openStage,
  operator,
  type Stage,
} from './stage.ts';

/** What a verb is tried on: an owner (Ana or a group) with a rule, and the group's chat. */
interface Scene {
  world: World;
  ownerId: string;
  ruleId: string;
  chatId: number;
  alert(): Promise<string>;
}
type Try = (scene: Scene, actor: Actor) => Promise<Outcome<object>>;

const document = { topic: 'disk.usage', kind: 'every' };
let shares = 0;
let imports = 0;
const must = async <T extends object>(outcome: Promise<Outcome<T>>): Promise<T> => {
  const done = await outcome;
  if (!done.ok) throw new Error(done.text);
  return done;
};

const manage = 'own head admin owner operator key-admin';
/** verb → who may, on what somebody owns and on what a group owns, and how it is tried. */
const verbs: Record<string, { may: string; try: Try; person?: false; group?: false }> = {
  ...alertVerbs,
  'silence-alerts': {
    may: manage,
    try: ({ world, ruleId }, actor) => silenceAlerts(world, actor, { ruleId, for: 3_600_000 }, noon),
  },
  'lift-silence': {
    may: manage,
    try: async ({ world, ownerId }, actor) => {
      const { silence } = await must(silenceAlerts(world, operator, { ownerId, for: 3_600_000 }, noon));
      return liftSilence(world, actor, { silenceId: silence.id }, noon);
    },
  },
  'create-rule': {
    may: manage,
    try: ({ world, ownerId }, actor) => createRule(world, actor, { ownerId, document, book: kindBook }, noon),
  },
  'import-rules': {
    may: manage,
    try: ({ world, ownerId }, actor) => {
      const name = `rule ${++imports}`;
      const rules = [{ document: { ...document, name }, path: '', line: 1, lineOf: () => 1 }];
      return importRules(world, actor, { rules, ownerId, book: kindBook }, noon);
    },
  },
  'edit-rule': {
    may: manage,
    try: ({ world, ruleId }, actor) =>
      editRule(world, actor, { ruleId, changes: { for: '5m' }, book: kindBook }, noon),
  },
  'pause-rule': {
    may: manage,
    try: ({ world, ruleId }, actor) => pauseRule(world, actor, { ruleId, paused: true }, noon),
  },
  'delete-rule': {
    may: manage,
    try: ({ world, ruleId }, actor) => deleteRule(world, actor, { ruleId }, noon),
  },
  'set-care': {
    may: manage,
    try: ({ world, ownerId }, actor) =>
      setCare(world, actor, { ownerId, document: { remind: { every: '30m' } } }, noon),
  },
  'set-away': {
    may: manage,
    group: false,
    try: ({ world, ownerId }, actor) =>
      setAway(world, actor, { personId: ownerId, until: noon + 86_400_000 }, noon),
  },
  'leave-rule': {
    may: manage,
    try: ({ world, ruleId }, actor) => leaveRule(world, actor, { ruleId }, noon),
  },
  'gather-hourly': {
    may: manage,
    try: async ({ world, ownerId }, actor) => {
      const [receiver] = await receiversOf(world.database.db, [ownerId]);
      return gatherHourly(world, actor, { receiverId: receiver!.id, on: true }, noon);
    },
  },
  'set-digest': {
    may: manage,
    try: ({ world, ownerId }, actor) => setDigest(world, actor, { ownerId, cron: '0 9 * * *' }, noon),
  },
  'set-style': {
    may: manage,
    try: async ({ world, ownerId }, actor) => {
      const [receiver] = await receiversOf(world.database.db, [ownerId]);
      return setStyle(world, actor, { receiverId: receiver!.id, document: { caps: { hour: 5 } } }, noon);
    },
  },
  'share-rule': {
    may: manage,
    try: async ({ world, ruleId }, actor) => {
      // Each time something new to share, or there is nothing to note.
      await must(
        editRule(world, operator, { ruleId, changes: { for: ++shares * 1000 }, book: kindBook }, noon),
      );
      return shareRule(world, actor, { ruleId }, noon);
    },
  },
  'take-pack': {
    may: manage,
    try: async ({ world, ownerId }, actor) => {
      const { pack } = await must(savePack(world, operator, { document: aPack, book: kindBook }, noon));
      return takePack(world, actor, { ownerId, packId: pack.id, answers: {}, book: kindBook }, noon);
    },
  },
  'sample-rule': {
    may: manage,
    try: ({ world, ruleId }, actor) => sampleRule(world, actor, { ruleId, book: kindBook }, noon),
  },
  'set-quiet-hours': {
    may: manage,
    try: ({ world, ownerId }, actor) => {
      const quiet = { window: { from: 1320, to: 420 }, breakthrough: 'critical' as const };
      return setQuietHours(world, actor, { ownerId, quiet }, noon);
    },
  },
  'set-settings': {
    may: manage,
    try: ({ world, ownerId }, actor) =>
      setSettings(world, actor, { ownerId, zone: 'Asia/Tokyo', quiet: null }, noon),
  },
  'set-list': {
    may: manage,
    try: ({ world, ownerId }, actor) =>
      setList(world, actor, { ownerId, name: 'blocks', items: [`b${newNumber()}`] }, noon),
  },
  'add-to-list': {
    may: manage,
    try: ({ world, ownerId }, actor) =>
      addToList(world, actor, { ownerId, name: 'blocks', items: [`b${newNumber()}`] }, noon),
  },
  'remove-from-list': {
    may: manage,
    try: async ({ world, ownerId }, actor) => {
      const list = { ownerId, name: 'blocks', items: [`b${newNumber()}`] };
      await must(setList(world, operator, list, noon));
      return removeFromList(world, actor, list, noon);
    },
  },
  'delete-list': {
    may: manage,
    try: async ({ world, ownerId }, actor) => {
      const list = { ownerId, name: 'blocks', items: [`b${newNumber()}`] };
      await must(setList(world, operator, list, noon));
      return deleteList(world, actor, list, noon);
    },
  },
  'set-zone': {
    may: manage,
    try: ({ world, ownerId }, actor) => setZone(world, actor, { ownerId, zone: 'Asia/Tokyo' }, noon),
  },
  'set-morning': {
    may: manage,
    try: ({ world, ownerId }, actor) => setMorning(world, actor, { ownerId, morning: 480 }, noon),
  },
  invite: {
    may: 'admin owner operator key-admin',
    try: ({ world }, actor) => invite(world, actor, { role: 'member' }, noon),
  },
  'register-group': {
    may: 'own other member head head-of-another forged admin owner operator key-admin',
    person: false,
    try: ({ world }, actor) => registerGroup(world, actor, { chatId: -newNumber(), title: 'New' }, noon),
  },
  'leave-group': {
    may: 'head admin owner operator clock key-admin',
    person: false,
    try: ({ world, chatId }, actor) => leaveGroup(world, actor, { chatId, why: 'removed' }, noon),
  },
  'migrate-group': {
    may: 'head admin owner operator clock key-admin',
    person: false,
    try: ({ world, chatId }, actor) => migrateGroup(world, actor, { from: chatId, to: -newNumber() }, noon),
  },
  'note-forum': {
    may: 'admin owner operator clock key-admin',
    try: ({ world, chatId }, actor) => {
      const found = { is: 'topic', thread: newNumber(), name: `Builds ${newNumber()}`, ours: false } as const;
      return noteForum(world, actor, { chatId, found }, noon);
    },
  },
  'tell-in-topic': {
    may: manage,
    person: false,
    try: ({ world, ownerId, chatId }, actor) =>
      tellInTopic(world, actor, { ownerId, chatId, thread: newNumber() }, noon),
  },
  'retry-topics': {
    may: manage,
    try: async ({ world, ownerId }, actor) => {
      const { db } = world.database;
      const receiver = (await receiversOf(db, [ownerId]))[0]!;
      await chatAway(db, receiver, 'not enough rights', noon + 1000, noon);
      return retryTopics(world, actor, { receiverId: receiver.id }, noon);
    },
  },
  ...peopleVerbs,
  ...receiverVerbs(manage),
  ...houseVerbs,
  ...broadcastVerbs,
  'switch-address': {
    may: 'admin owner operator clock key-admin',
    group: false,
    try: ({ world, chatId }, actor) =>
      switchAddress(world, actor, { channel: 'telegram', address: String(chatId), off: 'blocked' }, noon),
  },
};

describe('rights', () => {
  let stage: Stage;
  let tried = 0;
  // Some verbs tell everybody who is there, and each try brings a dozen people.
  beforeEach(async () => {
    if (tried++ % 10 > 0) return;
    await stage?.end();
    stage = await openStage();
  });
  afterAll(() => stage?.end());

  it('knows every verb', () => {
    const files = readdirSync(new URL('../../src/operations', import.meta.url))
      .filter((file) => file.endsWith('.ts'))
      .map((file) => file.slice(0, -3));
    const unknown = files.filter(
      (file) => !(file in verbs) && !(file in elsewhere) && !notVerbs.includes(file),
    );
    expect(unknown).toEqual([]);
    expect(Object.keys(verbs).filter((verb) => !files.includes(verb))).toEqual([]);
  });

  async function cast(ownerIs: 'person' | 'group'): Promise<{ scene: Scene; actors: Record<string, Actor> }> {
    const { world } = stage;
    const ana = (await addPerson(world, 'Ana')).person;
    const { group } = await addGroup(world, 'Night shift');
    const other = (await addGroup(world, 'Elsewhere')).group;
    const person = async (
      ...given: Parameters<typeof addPerson> extends [World, ...infer Rest] ? Rest : never
    ) => asActor((await addPerson(world, ...given)).person);
    const ben = await person('Ben');
    const ownerId = ownerIs === 'person' ? ana.id : group.id;
    const rule = await addRule(world, ownerId);
    const inGroup = { groupId: group.id, groupAdmin: false };
    const actors: Record<string, Actor> = {
      // Ana is nobody special to the group.
      ...(ownerIs === 'person' ? { own: asActor(ana) } : {}),
      other: ben,
      member: { ...(await person('Carl')), ...inGroup },
      head: { ...(await person('Dora')), ...inGroup, groupAdmin: true },
      'head-of-another': { ...(await person('Emil')), groupId: other.id, groupAdmin: true },
      admin: await person('Fay', 'admin'),
      owner: await person('Gus', 'owner'),
      stranger: {
        is: 'person',
        personId: world.id('p'),
        name: 'Nobody',
        role: 'owner',
        ...inGroup,
        groupAdmin: true,
      },
      left: { ...(await person('Hal', 'owner', noon - 1)), ...inGroup, groupAdmin: true },
      'owner-who-left': asActor((await addPerson(world, 'Ida', 'owner', noon - 1)).person),
      forged: { ...(await person('Jan')), role: 'owner' },
      operator,
      clock: { is: 'clock' },
      key: { is: 'key', sourceId: 's_1', name: 'ci', scopes: ['ingest', 'read'] },
      'key-admin': { is: 'key', sourceId: 's_2', name: 'terraform', scopes: ['admin'] },
    };
    const scene: Scene = {
      world,
      ownerId,
      ruleId: rule.id,
      chatId: ownerIs === 'person' ? ana.telegramId : group.chatId,
      alert: async () => (await addAlert(world, rule)).id,
    };
    return { scene, actors };
  }

  for (const [verb, { may, try: attempt, person, group }] of Object.entries(verbs))
    for (const ownerIs of ['person', 'group'] as const) {
      if ((ownerIs === 'person' ? person : group) === false) continue;
      it(`${verb}, on what a ${ownerIs} has`, async () => {
        const names = Object.keys((await cast(ownerIs)).actors);
        const allowed: string[] = [];
        for (const name of names) {
          const { scene, actors } = await cast(ownerIs);
          const actor = actors[name]!;
          const before = await auditTrail(stage.world.database.db, { limit: 1 });
          const outcome = await attempt(scene, actor);
          const noted = (await auditTrail(stage.world.database.db, { limit: 50 })).filter(
            (row) => row.id > (before[0]?.id ?? 0) && row.verb === verb,
          );
          if (outcome.ok) allowed.push(name);
          else
            expect(outcome, name).toMatchObject({
              code: 'forbidden',
              text: expect.stringMatching(/^[A-Z].+\.$/),
            });
          expect(noted.length, `${name}: ${JSON.stringify(outcome).slice(0, 200)}`).toBe(outcome.ok ? 1 : 0);
        }
        const inGroup = ['member', 'head'];
        const expected = may
          .split(' ')
          .filter((name) => names.includes(name))
          // To what a person has, the members of some group are others.
          .filter((name) => ownerIs === 'group' || verb === 'register-group' || !inGroup.includes(name));
        expect(allowed.sort()).toEqual(expected.sort());
      });
    }
});
