// Gate: nobody is told of topics that they opted out of here.
import { topicMatches } from '#core/topic.ts';
import { type Gate, send } from '../gate.ts';

export const optedOut: Gate = {
  name: 'opted-out',
  title: 'Opted out',
  judge({ kind }, { alert, optOuts = [], heard }) {
    // Who heard that it broke hears that it is over.
    if (alert === null || (kind === 'over' && heard)) return send;
    const pattern = optOuts.find((one) => topicMatches(one, alert.topic));
    return pattern === undefined
      ? send
      : { is: 'drop', reason: 'opted-out', text: `This receiver does not want to hear of ${pattern}.` };
  },
};
