// Peer: GitHub. What was done is a comment below the issue or pull request.
// Requests as in docs.github.com/en/rest/issues/comments (“Create an issue comment”).
import { namesProject, pageAt } from '../pages.ts';
import { jsonAsking, type Peer, type Place, passBy, rootOf, sayDeed } from '../peer.ts';

export const github: Peer = {
  name: 'github',
  title: 'GitHub: a comment',
  example: 'https://api.github.com',
  token: 'a token that may write issues',
  inProjects: true,
  check: (place) => ({ url: `${rootOf(place)}/rate_limit`, headers: known(place.token) }),
  async pass(ask, place, deed) {
    const { alert, is, who } = deed;
    const page = pageAt({ host: webHostOf(place), path: '' }, alert.fields.url) ?? '';
    const [, project, number] = /^\/([\w.-]+\/[\w.-]+)\/(?:issues|pull)\/(\d{1,12})\b/.exec(page) ?? [];
    if (project === undefined || !namesProject(place, project)) return undefined;
    if (!alert.topic.startsWith('github.') || (is === 'over' && who === null)) return undefined;
    const url = `${rootOf(place)}/repos/${project}/issues/${number}/comments`;
    return passBy(ask, url, jsonAsking('POST', { body: sayDeed(deed) }, known(place.token)));
  },
};

/** Its pages are beside its interface; on one's own server they are on the same host. */
const webHostOf = (place: Place) =>
  new URL(place.url).host.replace(/^api\.(github\.com|[\w-]+\.ghe\.com)$/, '$1');

const known = (token: string) => ({
  authorization: `Bearer ${token}`,
  accept: 'application/vnd.github+json',
  'x-github-api-version': '2022-11-28',
});
