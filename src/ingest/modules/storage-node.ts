// A Storj storage node: how near each satellite is to disqualifying or suspending it, and whether its software is current.
import { z } from 'zod';
import type { Json } from '#core/json.ts';
import { addressField, defineModule, type Finding, notAnswering } from '../module.ts';
import { numberOf, rounded, valueAt } from '../page.ts';

const params = z.strictObject({
  url: addressField('http://127.0.0.1:14002', 'Where the node’s dashboard is; its /api is asked'),
});

const name = 'storage-node';
/** Below it a satellite disqualifies a node for failed audits, for good. */
const bar = 0.6;

export const storageNode = defineModule<z.output<typeof params>>({
  name,
  title: 'A storage node (Storj)',
  about:
    'Asks the dashboard’s own API of a Storj node, /api/sno and /api/sno/satellites; names as that API gives them.',
  params,
  topics: [
    {
      topic: `${name}.satellite`,
      title: 'Standing with a satellite',
      subject: 'a satellite',
      fields: {
        audit: { title: 'Audit score', from: 'audits.auditScore' },
        distance: {
          title: 'Distance of the audit score to disqualification (0.60)',
          from: 'audits.auditScore',
        },
        suspension: { title: 'Suspension score', from: 'audits.suspensionScore' },
        online: { title: 'Online score', from: 'audits.onlineScore' },
      },
    },
    {
      topic: `${name}.node`,
      title: 'The node',
      subject: 'the node',
      fields: {
        version: { title: 'Version of its software', from: 'version' },
        upToDate: { title: '1 while that version is allowed', from: 'upToDate' },
        disqualified: { title: 'Satellites that disqualified it', from: 'satellites.disqualified' },
        suspended: { title: 'Satellites that suspended it', from: 'satellites.suspended' },
        diskUsage: { title: 'Used of the space it offers', unit: '%', from: 'diskSpace.used, .available' },
      },
    },
  ],
  rules: [
    notAnswering(name, 'The storage node does not answer'),
    {
      title: 'The audit score nears disqualification',
      document: {
        name: 'Audit score nears disqualification',
        topic: `${name}.satellite`,
        kind: 'ratio',
        params: { field: 'audit', bar, side: 'below', margin: 0.35 },
        severity: 'critical',
      },
    },
    {
      title: 'The suspension score falls',
      document: {
        name: 'Suspension score falls',
        topic: `${name}.satellite`,
        kind: 'ratio',
        params: { field: 'suspension', bar, side: 'below', margin: 0.35 },
        severity: 'warning',
      },
    },
    {
      title: 'It was offline too often',
      document: {
        name: 'Offline too often',
        topic: `${name}.satellite`,
        kind: 'ratio',
        params: { field: 'online', bar, side: 'below', margin: 0.3 },
        severity: 'warning',
      },
    },
    {
      title: 'The software is outdated',
      document: {
        name: 'Node software is outdated',
        topic: `${name}.node`,
        kind: 'threshold',
        params: { field: 'upToDate', op: '<', limit: 1 },
        severity: 'warning',
      },
    },
    {
      title: 'A satellite disqualified or suspended it',
      document: {
        name: 'Disqualified by a satellite',
        topic: `${name}.node`,
        kind: 'threshold',
        params: { field: 'disqualified', op: '>', limit: 0 },
        severity: 'critical',
      },
    },
  ],
  scrape: {
    everyMs: 300_000,
    requests: ({ url }) => {
      const base = url.replace(/\/+$/, '');
      return [
        { url: `${base}/api/sno/`, form: 'json' },
        { url: `${base}/api/sno/satellites`, form: 'json' },
      ];
    },
    read([node, satellites]) {
      if (node?.form !== 'json' || satellites?.form !== 'json') return [];
      return [...standings(satellites.json), ...theNode(node.json)];
    },
  },
  example: {
    params: { url: 'http://127.0.0.1:14002' },
    now: Date.UTC(2026, 4, 4, 10),
    pages: [
      {
        mediaType: 'application/json',
        body: JSON.stringify({
          nodeID: '12ExampleNode',
          version: '1.104.5',
          upToDate: false,
          diskSpace: { used: 750, available: 1000, trash: 10, overused: 0 },
          satellites: [
            { id: 'a', url: 'us1.storj.io:7777', disqualified: null, suspended: null },
            { id: 'b', url: 'eu1.storj.io:7777', disqualified: null, suspended: '2026-05-01T00:00:00Z' },
          ],
        }),
      },
      {
        mediaType: 'application/json',
        body: JSON.stringify({
          storageSummary: 5e10,
          audits: [
            { auditScore: 0.98, suspensionScore: 1, onlineScore: 0.995, satelliteName: 'us1.storj.io:7777' },
            { auditScore: 0.62, suspensionScore: 0.9, onlineScore: 0.7, satelliteName: 'eu1.storj.io:7777' },
          ],
        }),
      },
    ],
    findings: [
      {
        topic: `${name}.satellite`,
        subject: 'us1.storj.io:7777',
        data: { audit: 0.98, distance: 0.38, suspension: 1, online: 0.995 },
      },
      {
        topic: `${name}.satellite`,
        subject: 'eu1.storj.io:7777',
        data: { audit: 0.62, distance: 0.02, suspension: 0.9, online: 0.7 },
      },
      {
        topic: `${name}.node`,
        data: { version: '1.104.5', upToDate: 0, disqualified: 0, suspended: 1, diskUsage: 75 },
      },
    ],
  },
});

function standings(json: Json): Finding[] {
  const audits = valueAt(json, 'audits');
  if (!Array.isArray(audits)) return [];
  return audits.flatMap((one): Finding[] => {
    const [satellite, audit] = [valueAt(one, 'satelliteName'), numberOf(valueAt(one, 'auditScore'))];
    if (typeof satellite !== 'string' || satellite === '' || audit === undefined) return [];
    return [
      {
        topic: `${name}.satellite`,
        subject: satellite,
        data: {
          audit,
          distance: rounded(audit - bar, 4),
          suspension: numberOf(valueAt(one, 'suspensionScore')),
          online: numberOf(valueAt(one, 'onlineScore')),
        },
      },
    ];
  });
}

function theNode(json: Json): Finding[] {
  const [version, isCurrent, satellites] = ['version', 'upToDate', 'satellites'].map((path) =>
    valueAt(json, path),
  );
  if (typeof version !== 'string') return [];
  const [used, available] = ['diskSpace.used', 'diskSpace.available'].map((path) =>
    numberOf(valueAt(json, path)),
  );
  const count = (what: string) =>
    Array.isArray(satellites)
      ? satellites.filter((one) => ![null, undefined, false].includes(valueAt(one, what) as null)).length
      : undefined;
  return [
    {
      topic: `${name}.node`,
      data: {
        version: version.slice(0, 100),
        upToDate: typeof isCurrent === 'boolean' ? Number(isCurrent) : undefined,
        disqualified: count('disqualified'),
        suspended: count('suspended'),
        diskUsage: used === undefined || !available ? undefined : rounded((used / available) * 100),
      },
    },
  ];
}
