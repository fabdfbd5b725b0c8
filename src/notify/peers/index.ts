// The peers there are. A new one: copy the nearest file, add a line here.
import type { Peer } from '../peer.ts';
import { alertmanager } from './alertmanager.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import { pagerduty } from './pagerduty.ts';
import { sentry } from './sentry.ts';

export const peers: readonly Peer[] = [alertmanager, pagerduty, sentry, github, gitlab];
