// Texts about what was sent to a receiver, and what came back.
import { sayInstant } from '#core/hours.ts';
import { capital } from '#core/sentence.ts';
import type { deliveryLog, findDelivery } from '#store/delivery-log.ts';
import { bold, code, fold, type Html, html, lines, short } from '../html.ts';

export const newest = 'Newest';
export const tryAgain = 'Try again';
export const sendAgain = 'Send again';
export const onItsWay = 'It is on its way again.';

type Listed = Awaited<ReturnType<typeof deliveryLog>>[number];
type One = NonNullable<Awaited<ReturnType<typeof findDelivery>>>;

export const noDelivery = () => html`This delivery is not kept any more.`;

export const deliveriesTitle = (label: string, all: Listed[], zone: string, now: number): Html =>
  all.length === 0
    ? html`Nothing was sent to ${bold(short(label, 60))} yet.`
    : lines(
        html`Sent to ${bold(short(label, 60))}, newest first:`,
        ...all.map(
          (one, i) =>
            html`${i + 1}. ${sayInstant(one.startedAt, zone, now)} · ${whatWords(one)} · ${outcomeWords(one)}`,
        ),
      );

export const deliveryDetail = (one: One, zone: string, now: number): Html => {
  const { exchange, attempt, detail, marked, startedAt } = one;
  return lines(
    html`${bold(capital(whatWords(one)))} · ${sayInstant(startedAt, zone, now)}`,
    html`${capital(outcomeWords(one))}${detail === null ? '' : html`: ${short(detail, 200)}`}.${attempt > 1 ? html` Attempt ${attempt}.` : ''}`,
    marked && html`It was marked as a possible repeat.`,
    one.status === 'dead' && html`It was given up.`,
    exchange !== null &&
      html`${exchange.request.method}; ${exchange.response ? `answered ${exchange.response.status} after ${exchange.response.ms} ms` : 'no answer came'}.`,
    exchange !== null &&
      fold([
        ...Object.entries(exchange.request.headers)
          .slice(0, 12)
          .map(([name, value]) => html`${name}: ${code(value, 80)}`),
        code(exchange.request.body, 900),
        ...(exchange.response && exchange.response.body !== ''
          ? [html`Answer:`, code(exchange.response.body, 500)]
          : []),
      ]),
  );
};

const kinds: Record<string, string> = {
  firing: 'an alert',
  worse: 'an alert got worse',
  over: 'an alert is over',
  reminder: 'a reminder',
  notice: 'a notice',
  changed: 'a change',
  summary: 'a summary',
  board: 'a storm board',
  broadcast: 'a broadcast',
  code: 'its code',
  test: 'a test',
};
const whatWords = ({ kind }: Pick<Listed, 'kind'>): string => kinds[kind] ?? kind;

const outcomes: Record<string, string> = {
  sent: 'arrived',
  retry: 'failed, is tried again',
  unknown: 'may have arrived',
  refused: 'refused there',
  moved: 'the address moved',
  gone: 'the address is gone',
};
const outcomeWords = ({ outcome }: Pick<Listed, 'outcome'>): string =>
  outcome === null ? 'on its way' : (outcomes[outcome] ?? outcome);

export const triedAgain = (label: string) => `It is on its way to ${label} again.`;
