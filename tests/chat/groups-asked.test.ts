// /groups asks Telegram about all groups side by side, and says when it cannot be sure.
import { GrammyError } from 'grammy';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ChatContext } from '../../src/chat/context.ts';
import { groupsScreen } from '../../src/chat/group-screens.ts';
import { addGroup, addPerson, openStage, type Stage } from '../operations/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());

it('all are asked before one answers; a silence is said, and a plain no is none', async () => {
  const { world } = stage;
  const { person } = await addPerson(world, 'Ana');
  const ids: number[] = [];
  for (const title of ['One', 'Two', 'Three']) ids.push((await addGroup(world, title)).group.chatId);
  let asked = 0;
  let all = () => {};
  const everyoneAsked = new Promise<void>((settle) => {
    all = settle;
  });
  let third: () => unknown = () => {
    throw new Error('the connection broke');
  };
  const api = {
    async getChatMember(chatId: number) {
      if (++asked % 3 === 0) all();
      await everyoneAsked;
      if (chatId === ids[2]) return third();
      return { status: chatId === ids[0] ? 'member' : 'left' };
    },
  };
  const who = { person, actor: { is: 'clock' } };
  const ctx = { deps: { world }, who, api, me: { username: 'bot' } } as unknown as ChatContext;
  const first = JSON.stringify((await groupsScreen(ctx)).text);
  expect(first).toContain('One');
  expect(first).not.toContain('Two');
  expect(first).toContain('as far as I can see');
  third = () => {
    const gone = { ok: false, error_code: 403, description: 'Forbidden: bot was kicked' } as const;
    throw new GrammyError('no', gone, 'getChatMember', {});
  };
  expect(JSON.stringify((await groupsScreen(ctx)).text)).not.toContain('as far as I can see');
});
