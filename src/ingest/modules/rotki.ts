// A portfolio kept in rotki on one's own machine: what it is worth, altogether and asset by asset.
import { z } from 'zod';
import type { Json } from '#core/json.ts';
import { addressField, defineModule, type Finding, notAnswering } from '../module.ts';
import { numberOf, rounded, valueAt } from '../page.ts';

const params = z.strictObject({
  url: addressField(
    'http://127.0.0.1:4242',
    'Where rotki’s backend answers; somebody must be logged in there',
  ),
});
const name = 'rotki';

export const rotki = defineModule<z.output<typeof params>>({
  name,
  title: 'A portfolio (rotki)',
  about: 'Asks rotki’s own API for all balances, as its documents describe GET /api/1/balances.',
  params,
  topics: [
    {
      topic: `${name}.asset`,
      title: 'An asset',
      subject: 'an asset of the portfolio',
      fields: {
        amount: { title: 'Amount', from: 'assets.amount' },
        value: { title: 'Worth', unit: 'USD', from: 'assets.usd_value' },
        price: { title: 'Price of one', unit: 'USD', from: 'assets.usd_value, .amount' },
      },
    },
    {
      topic: `${name}.portfolio`,
      title: 'The whole portfolio',
      subject: 'the portfolio',
      fields: {
        value: { title: 'Worth, debts taken off', unit: 'USD', from: 'assets, liabilities' },
        assets: { title: 'Number of assets' },
      },
    },
  ],
  rules: [
    notAnswering(name, 'Rotki does not answer'),
    {
      title: 'An amount changed that nobody should touch',
      document: {
        name: 'An amount changed',
        topic: `${name}.asset`,
        kind: 'change',
        params: { field: 'amount' },
        severity: 'warning',
      },
    },
  ],
  scrape: {
    everyMs: 600_000,
    requests: ({ url }) => [
      { url: `${url.replace(/\/+$/, '')}/api/1/balances?async_query=false&ignore_cache=false`, form: 'json' },
    ],
    read([page]) {
      if (page?.form !== 'json') return [];
      const assets = entriesAt(page.json, 'result.assets');
      if (assets.length === 0) return [];
      const worth = (entries: [string, Json][]) =>
        entries.reduce((sum, [, one]) => sum + (numberOf(valueAt(one, 'usd_value')) ?? 0), 0);
      const value = worth(assets) - worth(entriesAt(page.json, 'result.liabilities'));
      // The most valuable first: small change must not crowd out what matters.
      const shown = assets
        .toSorted((a, b) => worth([b]) - worth([a]))
        .slice(0, 100)
        .flatMap(([asset, one]): Finding[] => {
          const [amount, usd] = [numberOf(valueAt(one, 'amount')), numberOf(valueAt(one, 'usd_value'))];
          if (amount === undefined) return [];
          const price = usd === undefined || amount === 0 ? undefined : rounded(usd / amount, 6);
          return [{ topic: `${name}.asset`, subject: asset, data: { amount, value: usd, price } }];
        });
      return [
        ...shown,
        { topic: `${name}.portfolio`, data: { value: rounded(value), assets: assets.length } },
      ];
    },
  },
  example: {
    params: { url: 'http://127.0.0.1:4242' },
    now: Date.UTC(2026, 4, 4, 10),
    pages: [
      {
        mediaType: 'application/json',
        body: JSON.stringify({
          result: {
            assets: {
              BTC: { amount: '0.5', percentage_of_net_value: '60%', usd_value: '30000' },
              ETH: { amount: '10', percentage_of_net_value: '40%', usd_value: '20000.5' },
            },
            liabilities: { 'eip155:1/erc20:0x6B17': { amount: '100', usd_value: '100' } },
          },
          message: '',
        }),
      },
    ],
    findings: [
      { topic: `${name}.asset`, subject: 'BTC', data: { amount: 0.5, value: 30_000, price: 60_000 } },
      { topic: `${name}.asset`, subject: 'ETH', data: { amount: 10, value: 20_000.5, price: 2_000.05 } },
      { topic: `${name}.portfolio`, data: { value: 49_900.5, assets: 2 } },
    ],
  },
});

function entriesAt(json: Json, path: string): [string, Json][] {
  const found = valueAt(json, path);
  return found !== null && typeof found === 'object' && !Array.isArray(found) ? Object.entries(found) : [];
}
