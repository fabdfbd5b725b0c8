// Gate: nobody is told of topics that they opted out of here.
import { broadcastTopic } from '#core/broadcast.ts';
import { topicMatches } from '#core/topic.ts';
import { type Gate, send } from '../gate.ts';

export const optedOut: Gate = {
  name: 'opted-out',
  title: 'Opted out',
  judge({ kind }, { alert, optOuts = [], heard }) {
    // Who heard that it broke hears that it is over.
    const topic = kind === 'broadcast' ? broadcastTopic : alert?.topic;
    if (topic === undefined || (kind === 'over' && heard)) return send;
    const pattern = optOuts.find((one) => topicMatches(one, topic));
    if (pattern === undefined) return send;
    return kind === 'broadcast'
      ? { is: 'drop', reason: 'opted-out', text: 'This receiver does not want to hear of broadcasts.' }
      : { is: 'drop', reason: 'opted-out', text: `This receiver does not want to hear of ${pattern}.` };
  },
};
