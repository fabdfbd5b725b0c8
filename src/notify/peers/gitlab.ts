// Peer: GitLab. What was done is a note below the issue or merge request.
// Requests as in docs.gitlab.com/api/notes.
import { namesProject, pageAt } from '../pages.ts';
import { jsonAsking, type Peer, passBy, rootOf, sayDeed } from '../peer.ts';

export const gitlab: Peer = {
  name: 'gitlab',
  title: 'GitLab: a note',
  example: 'https://gitlab.com',
  token: 'an access token with the scope api',
  inProjects: true,
  check: (place) => ({ url: `${rootOf(place)}/api/v4/user`, headers: known(place.token) }),
  async pass(ask, place, deed) {
    const { alert, is, who } = deed;
    const { host, pathname } = new URL(rootOf(place));
    const page = pageAt({ host, path: pathname.replace(/\/+$/, '') }, alert.fields.url) ?? '';
    const [, project, kind, number] =
      /^\/([\w.-]+(?:\/[\w.-]+)+?)(?:\/-)?\/(issues|merge_requests)\/(\d{1,12})\b/.exec(page) ?? [];
    if (project === undefined || !namesProject(place, project)) return undefined;
    if (!alert.topic.startsWith('gitlab.') || (is === 'over' && who === null)) return undefined;
    const url = `${rootOf(place)}/api/v4/projects/${encodeURIComponent(project)}/${kind}/${number}/notes`;
    return passBy(ask, url, jsonAsking('POST', { body: sayDeed(deed) }, known(place.token)));
  },
};

const known = (token: string) => ({ 'private-token': token });
