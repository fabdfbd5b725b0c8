// The shelf of commands, in the order in which /help and the command menu show them.
import type { Command } from '../command.ts';
import { alerts } from './alerts.ts';
import { away } from './away.ts';
import { broadcast } from './broadcast.ts';
import { cancel } from './cancel.ts';
import { catchup } from './catchup.ts';
import { channels } from './channels.ts';
import { digest } from './digest.ts';
import { exportCommand } from './export.ts';
import { forget } from './forget.ts';
import { groups } from './groups.ts';
import { held } from './held.ts';
import { help } from './help.ts';
import { history } from './history.ts';
import { importCommand } from './import.ts';
import { invite } from './invite.ts';
import { members } from './members.ts';
import { my } from './my.ts';
import { packs } from './packs.ts';
import { quiet } from './quiet.ts';
import { rules } from './rules.ts';
import { settings } from './settings.ts';
import { silence } from './silence.ts';
import { sources } from './sources.ts';
import { start } from './start.ts';
import { subscribe } from './subscribe.ts';
import { topics } from './topics.ts';
import { watch } from './watch.ts';
import { why } from './why.ts';

export const commands: readonly Command[] = [
  start,
  subscribe,
  watch,
  rules,
  sources,
  topics,
  packs,
  my,
  exportCommand,
  importCommand,
  alerts,
  why,
  history,
  held,
  catchup,
  digest,
  channels,
  groups,
  quiet,
  silence,
  away,
  settings,
  broadcast,
  invite,
  members,
  forget,
  help,
  cancel,
];
