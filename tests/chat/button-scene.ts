// A group with people of every standing around it, and one thing of each sort that buttons are about.
import type { Actor } from '#core/actor.ts';
import { kindBook } from '#evaluate/kind-book.ts';
import { openModuleBook } from '#ingest/module-book.ts';
import { addTarget } from '#operations/add-target.ts';
import { createHeartbeat } from '#operations/create-heartbeat.ts';
import { createKey } from '#operations/create-key.ts';
import { setList } from '#operations/set-list.ts';
import { shareRule } from '#operations/share-rule.ts';
import { silenceAlerts } from '#operations/silence-alerts.ts';
import type { SandboxGroup, SandboxPerson } from '#sandbox/telegram/index.ts';
import { addButtons } from '#store/buttons.ts';
import { findGroupByChat } from '#store/groups.ts';
import { findPersonByTelegram } from '#store/people.ts';
import { receiversOf } from '#store/receivers.ts';
import { border } from '../harness/border.ts';
import { fire } from './burning.ts';
import type { Stage } from './stage.ts';

/** Whose things: a group's, in its chat, or a person's, in their private chat. */
export interface Scene {
  chatId: number;
  ownerId: string;
  ruleId: string;
  alertId: string;
  silenceId: string;
  heartbeatId: string;
  targetId: string;
  packId: string;
  sourceId: string;
  keyId: string;
  receiverId: string;
  deliveryId: number;
  notificationId: number;
  now: number;
}

export interface Town {
  team: SandboxGroup;
  /** Telegram ids. */
  head: SandboxPerson;
  member: SandboxPerson;
  staff: SandboxPerson;
  /** Known, and not in the group. */
  other: SandboxPerson;
  /** In the group, and not known. */
  stranger: SandboxPerson;
  /** In the group, and sent away. */
  gone: SandboxPerson;
}

const operator: Actor = { is: 'operator', name: 'the operator' };

export async function build(stage: Stage): Promise<Town> {
  const [head, member, other] = [
    await stage.settled(7401, 'Heidi'),
    await stage.settled(7402, 'Mia'),
    await stage.settled(7403, 'Otto'),
  ];
  const staff = await stage.settled(7404, 'Sam', 'admin');
  const gone = await stage.settled(7405, 'Gus', 'admin');
  const stranger = stage.sandbox.person(7406, { first_name: 'Eve' });
  stranger.start();
  const team = stage.sandbox.group(-7400, 'Storage team');
  for (const one of [head, member, staff, gone, stranger]) team.join(one);
  team.addBot(head);
  await stage.settle();
  await stage.database.sql`update people set left_at = now() where telegram_id = ${gone.id}`;
  return { team, head, member, staff, other, stranger, gone };
}

let count = 0;

/** Everything anew, as presses change it. */
export async function scene(stage: Stage, chatId: number): Promise<Scene> {
  const { db, world, clock } = stage;
  const { now } = clock;
  const sure = <T extends object>(done: ({ ok: true } & T) | { ok: false; text: string }): T => {
    if (!done.ok) throw new Error(done.text);
    return done;
  };
  const owner = chatId < 0 ? await findGroupByChat(db, chatId) : await findPersonByTelegram(db, chatId);
  const ownerId = owner!.id;
  const alert = await fire(stage, chatId);
  const name = `n${++count}`;
  const { sql } = stage.database;
  // What was made for the scene before makes room.
  for (const table of ['lists', 'heartbeats', 'targets']) await sql`delete from ${sql(table)}`;
  sure(await setList(world, operator, { ownerId, name: 'blocks', items: ['one', 'two'] } as never, now));
  const silence = sure(
    await silenceAlerts(world, operator, { ownerId, topic: 'cpu.**', for: 3_600_000 } as never, now),
  );
  const beat = sure(
    await createHeartbeat(
      world,
      operator,
      { ownerId, name, expects: { every: '1h', grace: '5m' }, book: kindBook } as never,
      now,
    ),
  );
  const book = openModuleBook(border.outbound);
  const target = sure(
    await addTarget(
      world,
      operator,
      {
        book,
        name,
        module: 'metrics',
        params: { url: 'http://127.0.0.1:9/metrics', metrics: ['up'] },
      } as never,
      now,
    ),
  );
  const key = sure(await createKey(world, operator, { source: name }, now));
  const [source] = await sql`select id from sources where name = ${name}`;
  const pack = sure(await shareRule(world, operator, { ruleId: alert.ruleId }, now));
  const [receiver] = await receiversOf(db, [ownerId]);
  await sql`update receivers set disabled = null where id = ${receiver!.id}`;
  await sql`delete from notifications where kind in ('test', 'note')`;
  await sql`delete from opt_outs`;
  await sql`insert into opt_outs values (${ownerId}, '*', 'disk.usage', ${new Date(now).toISOString()})`;
  const [note] =
    await sql`insert into notifications (kind, receiver_id, alert_id, alert_rev, severity, status, created_at)
    values ('firing', ${receiver!.id}, ${alert.id}, 99, 'warning', 'dead', ${new Date(now).toISOString()}) returning id`;
  const [delivery] =
    await sql`insert into deliveries (notification_id, attempt, channel, address, outcome, marked, started_at)
    values (${note!.id}, 1, 'telegram', ${String(chatId)}, 'refused', false, ${new Date(now).toISOString()}) returning id`;
  return {
    chatId,
    ownerId,
    ruleId: alert.ruleId,
    alertId: alert.id,
    silenceId: silence.silence.id,
    heartbeatId: beat.id,
    targetId: target.id,
    packId: pack.pack.id,
    sourceId: source!.id as string,
    keyId: key.id,
    receiverId: receiver!.id,
    deliveryId: Number(delivery!.id),
    notificationId: Number(note!.id),
    now,
  };
}

/** A stored button about the scene, in the given chat; returns what Telegram carries. */
export async function buttonIn(
  stage: Stage,
  { alertId, now }: Scene,
  row: { action: string; payload: string | null; chatId: number; expiresAt?: number },
): Promise<string> {
  const id = stage.world.token();
  await addButtons(stage.db, [{ id, alertId, rev: 1, expiresAt: now + 3_600_000, ...row }]);
  return id;
}
