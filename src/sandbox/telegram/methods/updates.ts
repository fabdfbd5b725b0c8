// How the bot hears of the world: getUpdates by long polling, or a webhook.
import { badRequest, refusals } from '../errors.ts';
import { readFlag, readInt, readJson, readText } from '../params.ts';
import type { UpdateKind } from '../shapes.ts';
import type { World } from '../world.ts';
import type { Call, Method } from './call.ts';

const keptFor = 24 * 3600_000;

function readAllowed(call: Call): void {
  const kinds = readJson(call.params, 'allowed_updates');
  if (kinds === undefined) return;
  if (!Array.isArray(kinds)) throw badRequest("can't parse allowed_updates: expected an Array of String");
  if (JSON.stringify(kinds) === JSON.stringify(call.world.state.allowed)) return;
  call.world.commit({ do: 'allowed', kinds: kinds as UpdateKind[] });
}

function pending(world: World, limit: number) {
  const fresh = world.now() - keptFor;
  return world.state.updates
    .filter((row) => row.at >= fresh)
    .slice(0, limit)
    .map((row) => row.update);
}

const getUpdates: Method = async (call) => {
  const { world, params } = call;
  if (world.state.webhook) throw refusals.conflictWebhook();
  const limit = Math.min(Math.max(readInt(params, 'limit') ?? 100, 1), 100);
  const timeout = Math.min(Math.max(readInt(params, 'timeout') ?? 0, 0), 50);
  readAllowed(call);
  const offset = readInt(params, 'offset') ?? 0;
  const first = offset < 0 ? world.state.updates.at(offset)?.update.update_id : offset;
  if (first !== undefined && world.state.updates.some((row) => row.update.update_id < first)) {
    world.commit({ do: 'confirm', below: first });
  }
  world.poll?.end('conflict');
  const ready = pending(world, limit);
  if (ready.length > 0 || timeout === 0) return ready;
  await nextUpdate(call, timeout * 1000);
  return pending(world, limit);
};

/** Waits until an update arrives, the time is over, the caller hangs up or another poll takes over. */
function nextUpdate({ world, gone }: Call, milliseconds: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (then: () => void) => {
      clearTimeout(timer);
      stopListening();
      gone.removeEventListener('abort', onGone);
      if (world.poll === poll) world.poll = null;
      then();
    };
    const onGone = () => finish(resolve);
    const poll = {
      end: (reason: 'conflict' | 'stopped') =>
        finish(reason === 'conflict' ? () => reject(refusals.conflictPolling()) : resolve),
    };
    const timer = setTimeout(() => finish(resolve), milliseconds);
    const stopListening = world.onChange((change) => {
      if (change.do === 'update') finish(resolve);
      if (change.do === 'webhook' && change.webhook) finish(() => reject(refusals.conflictWebhook()));
    });
    if (gone.aborted) return onGone();
    gone.addEventListener('abort', onGone);
    world.poll = poll;
  });
}

const setWebhook: Method = (call) => {
  const { world, params } = call;
  const url = readText(params, 'url') ?? '';
  if (url === '') return deleteWebhook(call);
  const secret = readText(params, 'secret_token');
  if (secret !== undefined && !/^[A-Za-z0-9_-]{1,256}$/.test(secret)) {
    throw badRequest('secret token contains unallowed characters');
  }
  if (!URL.canParse(url)) throw badRequest('bad webhook: invalid webhook URL specified');
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') {
    throw badRequest('bad webhook: An HTTPS URL must be provided for webhook');
  }
  // The sandbox never leaves this machine.
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) {
    throw badRequest(`bad webhook: Failed to resolve host: ${hostname} is not this machine`);
  }
  readAllowed(call);
  if (readFlag(params, 'drop_pending_updates')) world.commit({ do: 'drop-updates' });
  const webhook = {
    url,
    ...(secret ? { secret } : {}),
    max_connections: readInt(params, 'max_connections') ?? 40,
  };
  world.webhookTrouble = null;
  world.commit({ do: 'webhook', webhook });
  return true;
};

const deleteWebhook: Method = ({ world, params }) => {
  if (readFlag(params, 'drop_pending_updates')) world.commit({ do: 'drop-updates' });
  if (world.state.webhook) world.commit({ do: 'webhook', webhook: null });
  return true;
};

const getWebhookInfo: Method = ({ world }) => {
  const { webhook, updates, allowed } = world.state;
  return {
    url: webhook?.url ?? '',
    has_custom_certificate: false,
    pending_update_count: updates.length,
    ...(webhook ? { max_connections: webhook.max_connections } : {}),
    ...(allowed.length > 0 ? { allowed_updates: allowed } : {}),
    ...(world.webhookTrouble
      ? {
          last_error_date: Math.floor(world.webhookTrouble.at / 1000),
          last_error_message: world.webhookTrouble.message,
        }
      : {}),
  };
};

export const updateMethods = { getUpdates, setWebhook, deleteWebhook, getWebhookInfo };
