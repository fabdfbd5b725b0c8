// The yard: a process that pushes events and plays the Bot API, so that neither costs the server under test its time.
import { setTimeout as wait } from 'node:timers/promises';
import { quantile } from '../clock.ts';
import { chatOf, startFakeBotApi } from './bot-api.ts';
import type { Order, Pressed, Told } from './orders.ts';
import { push } from './sender.ts';

const sent = new Map<number, number>();
const came = new Map<number, number>();
const buttons = new Map<number, { data: string; messageId: number }>();
const edits = new Map<number, number>();
const said = new Map<number, number>();
const times = new Map<number, number>();
const series: number[] = [];
let calls = 0;

const api = await startFakeBotApi(
  ({ method, text }, messageId) => {
    const at = performance.now();
    if (method === 'answerCallbackQuery') return;
    calls++;
    const chat = chatOf(text);
    if (/^edit/i.test(method)) edits.set(chat, at);
    else said.set(chat, at);
    for (const name of new Set(text.match(/mk\d+k/g))) {
      const number = Number(name.slice(2, -1));
      if (!came.has(number)) came.set(number, at);
      if (!/^edit/i.test(method)) times.set(number, (times.get(number) ?? 0) + 1);
    }
    const data = /"callback_data":"([^"]+)"/.exec(text)?.[1];
    if (data !== undefined && !/^edit/i.test(method)) buttons.set(chat, { data, messageId });
  },
  () => series.map((number) => `bench_value{mark="mk${number}k"} 99\n`).join('') || 'bench_idle 1\n',
);

async function told(from: number, events: number, ms: number): Promise<Told> {
  const numbers = Array.from({ length: events }, (_, i) => from + i).filter((number) => sent.has(number));
  const end = performance.now() + ms;
  while (performance.now() < end && numbers.some((number) => !came.has(number))) await wait(20);
  const there = numbers.filter((number) => came.has(number));
  const took = there.map((number) => came.get(number)! - sent.get(number)!);
  const first = Math.min(...numbers.slice(0, 1_000).map((number) => sent.get(number)!));
  const last = there.reduce((latest, number) => Math.max(latest, came.get(number)!), first);
  return {
    p50: quantile(took, 0.5),
    p99: quantile(took, 0.99),
    came: there.length,
    missing: numbers.length - there.length,
    seconds: (last - first) / 1_000,
    calls,
  };
}

async function press(chats: number[], atOnce: boolean, ms: number): Promise<Pressed> {
  const times: number[] = [];
  const began = performance.now();
  const one = async (chat: number) => {
    const { data, messageId } = buttons.get(chat) ?? { data: 'none', messageId: 1 };
    const from = { id: chat, is_bot: false, first_name: `P${chat}` };
    const message = {
      message_id: messageId,
      date: 1,
      chat: { id: chat, type: 'private' },
      from: { id: 99, is_bot: true, first_name: 'Bench' },
      text: '-',
    };
    edits.delete(chat);
    const at = performance.now();
    api.update({
      callback_query: { id: `${chat}.${Math.round(at * 1e3)}`, from, message, chat_instance: '1', data },
    });
    while (performance.now() - at < ms && !edits.has(chat)) await wait(0.5);
    const edited = edits.get(chat);
    if (edited !== undefined) times.push(edited - at);
  };
  if (atOnce) await Promise.all(chats.map(one));
  else for (const chat of chats) await one(chat);
  const seconds = (performance.now() - began) / 1_000;
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99), came: times.length, seconds };
}

async function say(chats: number[], text: string, ms: number): Promise<number> {
  for (const chat of chats) {
    said.delete(chat);
    const from = { id: chat, is_bot: false, first_name: `P${chat}`, language_code: 'en' };
    api.update({ message: { message_id: 1, date: 1, chat: { id: chat, type: 'private' }, from, text } });
  }
  const end = performance.now() + ms;
  while (performance.now() < end && chats.some((chat) => !said.has(chat))) await wait(10);
  return chats.filter((chat) => said.has(chat)).length;
}

async function obey(order: Order): Promise<unknown> {
  switch (order.do) {
    case 'push':
      return push(order, (number, at) => sent.set(number, at));
    case 'told':
      return told(order.from, order.events, order.ms);
    case 'cross':
      for (let i = 0; i < order.events; i++) {
        series.push(order.from + i);
        sent.set(order.from + i, performance.now());
        await wait(order.everyMs);
      }
      return undefined;
    case 'press':
      return press(order.chats, order.atOnce, order.ms);
    case 'say':
      return say(order.chats, order.text, order.ms);
    case 'counted': {
      const numbers = Array.from({ length: order.events }, (_, i) => order.from + i);
      const end = performance.now() + order.ms;
      while (performance.now() < end && numbers.some((number) => !times.has(number))) await wait(50);
      const repeats = numbers.reduce((sum, number) => sum + Math.max(0, (times.get(number) ?? 0) - 1), 0);
      return { missing: numbers.filter((number) => !times.has(number)).length, repeats };
    }
    case 'reset':
      for (const map of [sent, came, times, buttons, edits, said]) map.clear();
      series.length = 0;
      calls = 0;
      return undefined;
  }
}

process.on('message', ({ ask, order }: { ask: number; order: Order }) => {
  obey(order).then(
    (answer) => process.send!({ ask, answer }),
    (error) => process.send!({ ask, error: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
process.send!({ port: api.port });
