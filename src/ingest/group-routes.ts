// Group chats over HTTP, with a key of the scope `admin`: the same operations as in the chat.
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { instants } from '#core/instants.ts';
import { refuse } from '#core/outcome.ts';
import { leaveGroup } from '#operations/leave-group.ts';
import { listReceivers } from '#operations/list-receivers.ts';
import { registerGroup } from '#operations/register-group.ts';
import { setSettings } from '#operations/set-settings.ts';
import type { World } from '#operations/world.ts';
import { countOpen } from '#store/alert-lists.ts';
import { chatsTold, findGroup, type Group, groupsHere } from '#store/groups.ts';
import { countRules } from '#store/many-rules.ts';
import { chatNamed, groupNamed } from '#store/named-owner.ts';
import { silencesKept } from '#store/silences.ts';
import type { KeyBook } from './key-book.ts';
import { answer, type Managing, managing, readJson } from './managing.ts';
import { body, bodyRefusals, does, id } from './openapi-words.ts';
import { settingsBody, shownSettings } from './settings-body.ts';

const most = 10_000;

const newGroup = z.strictObject({
  chat: z
    .string('must be text')
    .refine(
      (said) => chatNamed(said) !== undefined,
      'must be the chat’s id, such as telegram:-1001234567890',
    ),
  title: z.string('must be text').trim().min(1, 'must not be empty').max(128, 'has at most 128 characters'),
});

/** Adds `/v1/groups` and `/v1/groups/{id}`. */
export function addGroupRoutes(
  app: Hono,
  { world, keys, now }: { world: World; keys: KeyBook; now: () => number },
): void {
  const { db } = world.database;
  const may = (act: (managing: Managing, c: Context) => Promise<Response>) => managing(keys, now, act);
  const found = (act: (managing: Managing, group: Group, c: Context) => Promise<Response>) =>
    may(async (who, c) => {
      const group = await groupNamed(db, c.req.param('id') ?? '');
      return group ? act(who, group, c) : answer(refuse('not-found', 'There is no group like that here.'));
    });

  const all = async (groups: Group[]) => {
    const told = await chatsTold(
      db,
      groups.map(({ chatId }) => chatId),
    );
    return groups.map((group) => shown(group, told.has(group.chatId)));
  };
  const one = async (group: Group) => (await all([group]))[0]!;

  app.get(
    '/v1/groups',
    may(async () => {
      const groups = await groupsHere(db, most);
      return Response.json(instants({ groups: await all(groups) }));
    }),
  );
  app.post(
    '/v1/groups',
    may(async ({ actor, at }, c) => {
      const said = await readJson(c.req.raw, newGroup);
      if (!said.ok) return said.response;
      const chatId = chatNamed(said.value.chat)!;
      const done = await registerGroup(world, actor, { chatId, title: said.value.title }, at);
      return answer(
        done.ok ? { ok: true, ...(await one(done.group)) } : done,
        done.ok && done.isNew ? 201 : 200,
      );
    }),
  );
  app.get(
    '/v1/groups/:id',
    found(async ({ actor, at }, group) => {
      const told = await listReceivers(world, actor, { ownerId: group.id });
      if (!told.ok) return answer(told);
      const whole = {
        ...(await one(group)),
        receivers: told.receivers,
        rules: (await countRules(db, [group.id])).get(group.id) ?? 0,
        openAlerts: (await countOpen(db, [group.id])).get(group.id) ?? 0,
        silences: (await silencesKept(db, [group.id], at)).length,
      };
      return Response.json(instants(whole));
    }),
  );
  app.patch(
    '/v1/groups/:id',
    found(async ({ actor, at }, group, c) => {
      const said = await readJson(c.req.raw, settingsBody);
      if (!said.ok) return said.response;
      const { quiet: hours, ...rest } = said.value;
      const quiet = hours && { window: hours.hours, breakthrough: hours.breakthrough };
      const wanted = { ownerId: group.id, ...rest, ...(hours === undefined ? {} : { quiet }) };
      if (Object.keys(said.value).length === 0) return answer({ ok: true, ...(await one(group)) });
      const done = await setSettings(world, actor, wanted, at);
      return answer(done.ok ? { ok: true, ...(await one((await findGroup(db, group.id))!)) } : done);
    }),
  );
  app.delete(
    '/v1/groups/:id',
    found(async ({ actor, at }, { chatId }) => {
      const done = await leaveGroup(world, actor, { chatId, why: 'switched off', switchesOff: true }, at);
      return answer(done.ok ? { ok: true } : done);
    }),
  );
}

// Whoever spoke to the bot in the chat, or what came to stand there, shows that it is in it; a key only says so.
function shown(group: Group, isTold: boolean) {
  const { id: groupId, chatId, title, createdBy, createdAt, leftAt } = group;
  return {
    id: groupId,
    owner: `telegram:${chatId}`,
    title,
    ...shownSettings(group),
    createdBy,
    createdAt,
    leftAt,
    proven: isTold || group.createdBy.startsWith('person:'),
  };
}

/** Their paths in the OpenAPI document. */
export function groupPaths(): object {
  const parameters = [id('An id of ours, or telegram:-100….')];
  return {
    '/v1/groups': {
      get: does(
        'The group chats that Tocsin knows (key: admin)',
        'The groups, and how each is told; `proven`: false as long as a key made it known and nothing was told there yet.',
      ),
      post: {
        ...does(
          'Make a chat known that the bot is in, or its new title; in Telegram adding the bot does the same. Whether it is in it is not asked: `proven` says what is known (key: admin)',
          'The group, new here.',
          201,
          { also: { 200: 'The group, which was known.' }, refuses: bodyRefusals },
        ),
        requestBody: body(newGroup),
      },
    },
    '/v1/groups/{id}': {
      get: {
        ...does(
          'One group with its receivers; who belongs to it is for Telegram to say, and its admins there are its admins here (key: admin)',
          'The group.',
        ),
        parameters,
      },
      patch: {
        ...does(
          'Its clock, morning, quiet hours and care; what is absent stays (key: admin)',
          'The group.',
          200,
          { refuses: [409, ...bodyRefusals] },
        ),
        parameters,
        requestBody: body(settingsBody),
      },
      delete: {
        ...does(
          'Tell it nothing any more, whoever speaks to the bot there; its rules stay for the day an admin adds the bot anew or makes the chat known again (key: admin)',
          'Done.',
          200,
          { refuses: [409] },
        ),
        parameters,
      },
    },
  };
}
