// The channels as operations and the chat see them: form fields and checks, made from each channel's schema.
import type { z } from 'zod';
import '#core/issue-words.ts';
import type { ChannelBook } from '#operations/channel-book.ts';
import type { Channel } from './channel.ts';

/** The book of these channels. */
export function channelBook(channels: readonly Channel[]): ChannelBook {
  const infos = channels.map(({ name, title, contact, missing = null, everyChange = false }) => ({
    name,
    title,
    missing,
    everyChange,
    ...(contact ? { contact } : {}),
  }));
  const find = (name: string) => infos.find((info) => info.name === name);
  return {
    all: () => infos,
    find,
    fields(name) {
      const shape = (find(name)?.contact?.params.shape ?? {}) as Record<string, z.ZodType>;
      return Object.entries(shape).map(([field, type]) => {
        const meta = type.meta() ?? {};
        return {
          name: field,
          label: String(meta.label ?? field),
          hint: String(meta.hint ?? ''),
          input: String(meta.input ?? 'text'),
          required: !type.safeParse(undefined).success,
        };
      });
    },
    check(name, typed) {
      const form = find(name)?.contact;
      if (!form)
        return {
          ok: false,
          faults: [{ path: 'channel', text: `nothing can be added on “${name.slice(0, 40)}”` }],
        };
      const read = form.params.safeParse(typed);
      if (read.success) return { ok: true, contact: read.data };
      const faults = read.error.issues.map((issue) => ({
        path: issue.code === 'unrecognized_keys' ? (issue.keys[0] ?? '') : issue.path.map(String).join('.'),
        text: issue.code === 'unrecognized_keys' ? 'there is no such field' : issue.message,
      }));
      return { ok: false, faults };
    },
  };
}
