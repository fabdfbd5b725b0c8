// Prices of assets, from an API that answers as CoinGecko does: {"ethereum":{"eur":3000,"eur_24h_change":-2.1}}.
import { z } from 'zod';
import { addressField, defineModule, type Finding, notAnswering } from '../module.ts';
import { numberOf, rounded, valueAt } from '../page.ts';

const params = z.strictObject({
  url: addressField('https://api.coingecko.com/api/v3/simple/price', 'The address of the price API'),
  assets: z
    .array(
      z.string().regex(/^[a-z0-9-]{1,60}$/, 'must be ids such as ethereum'),
      'must be a list such as ["ethereum"]',
    )
    .min(1, 'must name at least one asset')
    .max(50, 'at most 50 assets')
    .meta({ label: 'Assets', hint: 'Their ids, such as ethereum, bitcoin', input: 'list' }),
  currency: z
    .string()
    .regex(/^[a-z]{3,5}$/, 'must be a currency such as eur')
    .default('usd')
    .meta({ label: 'Currency', hint: 'usd, eur, …', input: 'text' }),
});
const name = 'asset-price';

export const assetPrice = defineModule<z.output<typeof params>>({
  name,
  title: 'Prices of assets',
  about:
    'Asks an API that answers as CoinGecko’s public /simple/price does; without a key it is good for a look every few minutes.',
  params,
  topics: [
    {
      topic: `${name}.quote`,
      title: 'A price',
      subject: 'an asset',
      fields: {
        price: { title: 'Price', unit: 'in the currency chosen', from: '<asset>.<currency>' },
        change: { title: 'Change within 24 hours', unit: '%', from: '<asset>.<currency>_24h_change' },
      },
    },
  ],
  rules: [
    notAnswering(name, 'The price API does not answer'),
    {
      title: 'A price fell by a tenth within a day',
      document: {
        name: 'Price fell',
        topic: `${name}.quote`,
        kind: 'threshold',
        params: { field: 'change', op: '<', limit: -10, clear: -5 },
        severity: 'warning',
      },
    },
    {
      title: 'A price rose by a tenth within a day',
      document: {
        name: 'Price rose',
        topic: `${name}.quote`,
        kind: 'threshold',
        params: { field: 'change', op: '>', limit: 10, clear: 5 },
        severity: 'info',
      },
    },
  ],
  scrape: {
    everyMs: 300_000,
    requests({ url, assets, currency }) {
      const address = new URL(url);
      address.searchParams.set('ids', assets.join(','));
      address.searchParams.set('vs_currencies', currency);
      address.searchParams.set('include_24hr_change', 'true');
      return [{ url: address.href, form: 'json' }];
    },
    read([page], { assets, currency }) {
      if (page?.form !== 'json') return [];
      const { json } = page;
      return [...new Set(assets)].flatMap((asset): Finding[] => {
        const price = numberOf(valueAt(json, `${asset}.${currency}`));
        const change = numberOf(valueAt(json, `${asset}.${currency}_24h_change`));
        if (price === undefined) return [];
        const data = { price, change: change === undefined ? undefined : rounded(change) };
        return [{ topic: `${name}.quote`, subject: asset, data, labels: { currency } }];
      });
    },
  },
  example: {
    params: { assets: ['ethereum', 'unknown-coin'], currency: 'eur' },
    now: Date.UTC(2026, 4, 4, 10),
    pages: [
      {
        mediaType: 'application/json',
        body: '{"ethereum":{"eur":3012.4,"eur_24h_change":-2.13456},"unknown-coin":{}}',
      },
    ],
    findings: [{ topic: `${name}.quote`, subject: 'ethereum', data: { price: 3012.4, change: -2.13 } }],
  },
});
