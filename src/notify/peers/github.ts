// Peer: GitHub. What was done is a comment below the issue or pull request.
// Requests as in docs.github.com/en/rest/issues/comments (“Create an issue comment”).
import { jsonAsking, type Peer, passBy, rootOf, sayDeed } from '../peer.ts';

export const github: Peer = {
  name: 'github',
  title: 'GitHub: a comment',
  example: 'https://api.github.com',
  token: 'a token that may write issues',
  check: (place) => ({ url: `${rootOf(place)}/rate_limit`, headers: known(place.token) }),
  async pass(ask, place, deed) {
    const { alert, is, who } = deed;
    const [, owner, name, number] =
      /^https?:\/\/[^/]+\/([\w.-]+)\/([\w.-]+)\/(?:issues|pull)\/(\d{1,12})\b/.exec(alert.fields.url ?? '') ??
      [];
    if (number === undefined || !alert.topic.startsWith('github.') || (is === 'over' && who === null))
      return undefined;
    const url = `${rootOf(place)}/repos/${owner}/${name}/issues/${number}/comments`;
    return passBy(ask, url, jsonAsking('POST', { body: sayDeed(deed) }, known(place.token)));
  },
};

const known = (token: string) => ({
  authorization: `Bearer ${token}`,
  accept: 'application/vnd.github+json',
  'x-github-api-version': '2022-11-28',
});
