// A new heartbeat: an address to call, and the rules that notice when nobody does.
import { type Actor, actorRef } from '#core/actor.ts';
import { type Expects, heartbeatRules, heartbeatTopic, withGrace } from '#core/heartbeat.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import type { Severity } from '#core/severity.ts';
import { topicFault } from '#core/topic.ts';
import { addHeartbeat, listHeartbeats } from '#store/heartbeats.ts';
import { keyHash } from '#store/key-text.ts';
import { saveRule } from '#store/rules.ts';
import { nameFault } from './create-source.ts';
import type { KindBook } from './kind-book.ts';
import { authorise } from './may.ts';
import { draftRule, type Fault } from './rule-draft.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** How many heartbeats one person or group may have. */
const mostHeartbeats = 200;

export interface HeartbeatInput {
  ownerId: string;
  /** 1 to 100 characters; how it is called in alerts. */
  name: string;
  /** `{ every: '1h', grace: '5m' }`, or `{ cron: '0 3 * * *', zone: 'Europe/Berlin', grace: '10m' }`. */
  expects: Expects;
  /** How bad it is when it is late or fails; `warning` when not given. */
  severity?: Severity;
}

export type NewHeartbeat = Outcome<{
  id: string;
  token: string;
  topic: string;
  ruleIds: string[];
  /** With the grace that holds. */
  expects: Expects & { grace: string };
}> & {
  faults?: Fault[];
};

/** Makes it with its two rules. The token is shown once: only its digest is kept. */
export function createHeartbeat(
  world: World,
  actor: Actor,
  { ownerId, name, expects, severity = 'warning', book }: HeartbeatInput & { book: KindBook },
  now: number,
): Promise<NewHeartbeat> {
  return write(world, actor, 'create-heartbeat', now, async (tx) => {
    const refused = await authorise(tx, actor, 'rule', ownerId);
    if (refused) return refused;
    const topic = heartbeatTopic(name);
    const fault = nameFault(name)?.replace('A source’s name', 'A heartbeat’s name') ?? topicFault(topic);
    if (fault) return refuse('invalid', fault);
    if ((await listHeartbeats(tx, [ownerId])).length >= mostHeartbeats)
      return refuse('conflict', `There are ${mostHeartbeats} heartbeats here already. Remove one first.`);
    const ruleIds: string[] = [];
    for (const document of heartbeatRules(name, expects, severity)) {
      const drafted = await draftRule(tx, book, ownerId, document);
      if (!drafted.ok) return drafted;
      const rule = await saveRule(tx, { id: world.id('r'), ...drafted.draft }, actorRef(actor), now);
      ruleIds.push(rule.id);
    }
    const [id, token] = [world.id('h'), world.token()];
    const added = await addHeartbeat(tx, {
      id,
      name,
      topic,
      ownerId,
      hash: keyHash(token),
      expects: { ...expects },
      ruleIds,
      createdBy: actorRef(actor),
      createdAt: now,
    });
    // Thrown away with the rules that were made for it.
    if (!added) throw new NameTaken();
    const detail = { ownerId, name, expects: { ...expects }, severity, ruleIds };
    return {
      ok: true,
      result: { id, token, topic, ruleIds, expects: withGrace(expects) },
      target: id,
      detail,
    };
  }).catch((error) => {
    if (!(error instanceof NameTaken)) throw error;
    return refuse('conflict', `There is already a heartbeat called ${name}; give it another name.`);
  });
}

class NameTaken extends Error {}
