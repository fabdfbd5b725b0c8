// Makes something burn for a person or a group, as the evaluator would.
import { openAlert } from '#core/alert-life.ts';
import { cleanText } from '#core/clean.ts';
import type { Rule } from '#core/rule.ts';
import { commit } from '#store/alerts.ts';
import { findGroupByChat } from '#store/groups.ts';
import { findPersonByTelegram } from '#store/people.ts';
import { receiversOf } from '#store/receivers.ts';
import { saveRule } from '#store/rules.ts';
import type { Stage } from './stage.ts';

/** A rule of this chat's owner, and one firing alert of it. */
export async function fire(stage: Stage, chatId: number, subject = '/sarc/cad', title = 'Disk nearly full') {
  const { db, world, clock } = stage;
  // As ingest hands texts on.
  const [about, name] = [cleanText(subject), cleanText(title)];
  const owner = chatId < 0 ? await findGroupByChat(db, chatId) : await findPersonByTelegram(db, chatId);
  const ownerId = owner!.id;
  const rule: Omit<Rule, 'version'> = {
    id: world.id('r'),
    ownerId,
    name,
    topic: 'disk.usage',
    match: [],
    kind: 'threshold',
    params: { field: 'usage', op: '>', limit: 90 },
    key: ['source', 'subject'],
    forMs: 0,
    keepFiringForMs: 0,
    severity: 'warning',
    paused: false,
    to: (await receiversOf(db, [ownerId])).map(({ id }) => id),
  };
  return db.transaction(async (tx) => {
    await saveRule(tx, rule, 'operator', clock.now);
    const birth = {
      id: world.id('a'),
      ruleId: rule.id,
      ownerId,
      key: about,
      labels: { subject: about },
      topic: 'disk.usage',
      subject: about,
    };
    const step = openAlert(
      birth,
      {
        reading: { is: 'met', value: 93.5, limit: 90, text: '93.5, limit 90' },
        severity: 'warning',
        title: name,
        fields: { usage: '93.5' },
        forMs: 0,
        keepFiringForMs: 0,
        seq: 7,
      },
      clock.now,
    );
    await commit(tx, [{ step, receivers: rule.to }], clock.now);
    return step.alert;
  });
}
