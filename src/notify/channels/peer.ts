// Channel: the system that an alert came from; it is told what somebody did about it here.
import { z } from 'zod';
import type { Transition } from '#core/alert.ts';
import type { Outbound } from '#outbound/fetch.ts';
import { byStatus } from '../bridge.ts';
import { type About, type Channel, type Delivered, placed } from '../channel.ts';
import { exchangeOf, unanswered } from '../http-failure.ts';
import { projectsOf } from '../pages.ts';
import { type Deed, type Passed, within } from '../peer.ts';
import { peers } from '../peers/index.ts';

/** For everything that one attempt asks. */
const attemptMs = 10_000;

const names = peers.map(({ name }) => name);
const places = z.strictObject({
  peer: z.enum(names as [string, ...string[]], `must be one of ${names.join(', ')}`).meta({
    label: 'System',
    hint: `Which it is: ${names.join(', ')}`,
    input: 'text',
  }),
  url: z
    .url({ protocol: /^https?$/, error: 'must be an address such as https://api.github.com' })
    .max(500, 'must have at most 500 characters')
    .meta({
      label: 'Address',
      hint: `Where it is: ${peers.map(({ example }) => example).join(', ')}; for GitHub and GitLab with the projects to speak in: …#acme,team/web`,
      input: 'url',
    }),
  token: z
    .string()
    .regex(/^[\x21-\x7e]{1,400}$/, 'must have no spaces')
    .default('none')
    .meta({
      label: 'Token',
      hint: `What lets us in: ${peers.map(({ name, token }) => `${name}: ${token}`).join('; ')}`,
      input: 'secret',
    }),
});

// Whoever may push events writes the address of the page; the token is its owner's.
const params = places.superRefine(({ peer, url }, context) => {
  if (lacksProjects(peer, url)) context.addIssue({ code: 'custom', path: ['url'], message: nameThem });
});

const nameThem = 'must name the projects to speak in, such as https://api.github.com#acme,team/web';

function lacksProjects(name: string, url: string): boolean {
  return peers.find((one) => one.name === name)?.inProjects === true && projectsOf({ url }).length === 0;
}

/** Only what people did is passed back, and the end; what the source said itself it knows. */
export function peerChannel({ outbound }: { outbound: Outbound }): Channel {
  return {
    name: 'peer',
    title: 'Pass back to where it came from',
    address: placed,
    example: 'v_0peer',
    pace: () => ({ everyMs: 1_000, burst: 10 }),
    whole: null,
    edits: false,
    everyChange: true,
    contact: {
      params,
      example: { peer: 'github', url: 'https://api.github.com#acme', token: 'ghp_example' },
      confirms: false,
      fault: async ({ url }) => outbound.fault?.(String(url).replace(/#.*$/s, '')),
      label: ({ peer }) => peers.find(({ name }) => name === peer)?.title ?? 'Pass back',
    },
    async deliver(_message, _address, { contact, about, now }) {
      const { peer: name, ...place } = places.parse(contact);
      const peer = peers.find((one) => one.name === name);
      if (!peer) return { is: 'refused', why: `there is no peer “${name}” any more`, disables: true };
      if (lacksProjects(name, place.url))
        return { is: 'refused', why: `its address ${nameThem}; add it anew`, disables: true };
      const check = about?.kind === 'test' ? peer.check(place) : undefined;
      const deed = about && deedOf(about);
      const passed = check
        ? { asking: check, fetched: await outbound(check.url, check) }
        : deed && (await peer.pass(within(outbound, attemptMs), place, deed, now));
      // Nothing to be passed back is no failure.
      return passed ? outcome(passed, [place.token, place.url], now) : { is: 'sent', messageId: null };
    },
  };
}

function deedOf({ id, alert, transition, firstTry }: About): Deed | undefined {
  const is = transition ? deeds[transition.change] : undefined;
  if (!alert || !transition || is === undefined || transition.byRef?.startsWith('key:')) return undefined;
  const { by, note } = transition;
  return { is, who: by, note, alert, id: `msg_${id}`, isRepeat: firstTry !== null };
}

const deeds: Partial<Record<Transition['change'], Deed['is']>> = {
  acknowledged: 'taken',
  released: 'left',
  expired: 'left',
  resolved: 'over',
  withdrawn: 'over',
};

/** A token that is not good switches the place off, which its owner is told; other refusals end this one, what may pass is tried again. */
function outcome({ asking, fetched }: Passed, hidden: string[], now: number): Delivered {
  const exchange = exchangeOf(asking, fetched, hidden);
  if (fetched.is === 'answer' && fetched.status === 401)
    return { is: 'refused', why: 'the token is not good there (HTTP 401)', disables: true, exchange };
  return { ...(fetched.is === 'answer' ? byStatus(fetched, now) : unanswered(fetched)), exchange };
}
