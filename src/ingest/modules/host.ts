// A machine, as Prometheus' node_exporter shows it: disks, memory, load, clock, restarts.
import { z } from 'zod';
import { addressField, defineModule, type Finding, notAnswering } from '../module.ts';
import { type Metrics, rounded } from '../page.ts';

const params = z.strictObject({
  url: addressField('http://127.0.0.1:9100/metrics', 'Where node_exporter answers'),
});

const wanted = [
  'node_filesystem_avail_bytes',
  'node_filesystem_free_bytes',
  'node_filesystem_size_bytes',
  'node_filesystem_files',
  'node_filesystem_files_free',
  'node_filesystem_readonly',
  'node_memory_MemAvailable_bytes',
  'node_memory_MemTotal_bytes',
  'node_memory_SwapFree_bytes',
  'node_memory_SwapTotal_bytes',
  'node_load1',
  'node_load5',
  'node_load15',
  'node_cpu_seconds_total',
  'node_time_seconds',
  'node_timex_sync_status',
  'node_timex_offset_seconds',
  'node_boot_time_seconds',
] as const;

/** Kinds of filesystem that never fill up in a way that somebody could mend. */
const unreal =
  /^(tmpfs|devtmpfs|ramfs|overlay|squashfs|iso9660|rootfs|autofs|proc|sysfs|cgroup2?|nsfs|fuse\.lxcfs)$/;

export const host = defineModule<z.output<typeof params>>({
  name: 'host',
  title: 'A machine (node_exporter)',
  about: 'Linux and BSD machines with Prometheus’ node_exporter; names as its collectors give them.',
  params,
  topics: [
    {
      topic: 'host.disk',
      title: 'Disk space',
      subject: 'a filesystem, by its mount point',
      fields: {
        usage: {
          title: 'Used space',
          unit: '%',
          from: 'node_filesystem_avail_bytes, _free_bytes, _size_bytes',
        },
        free: { title: 'Free space', unit: 'bytes', from: 'node_filesystem_avail_bytes' },
        inodes: { title: 'Used inodes', unit: '%', from: 'node_filesystem_files, _files_free' },
        readonly: { title: '1 when nothing can be written', from: 'node_filesystem_readonly' },
      },
    },
    {
      topic: 'host.memory',
      title: 'Memory',
      subject: 'the machine',
      fields: {
        available: {
          title: 'Available memory',
          unit: '%',
          from: 'node_memory_MemAvailable_bytes, _MemTotal_bytes',
        },
        availableBytes: { title: 'Available memory', unit: 'bytes', from: 'node_memory_MemAvailable_bytes' },
        swap: { title: 'Used swap', unit: '%', from: 'node_memory_SwapFree_bytes, _SwapTotal_bytes' },
      },
    },
    {
      topic: 'host.load',
      title: 'Load',
      subject: 'the machine',
      fields: {
        load1: { title: 'Load, last minute', from: 'node_load1' },
        load5: { title: 'Load, last 5 minutes', from: 'node_load5' },
        load15: { title: 'Load, last 15 minutes', from: 'node_load15' },
        perCpu: { title: 'Load of 5 minutes for each processor', from: 'node_load5, node_cpu_seconds_total' },
        busy: { title: 'Busy processors', unit: '%', from: 'node_cpu_seconds_total' },
      },
    },
    {
      topic: 'host.clock',
      title: 'Clock',
      subject: 'the machine',
      fields: {
        skew: { title: 'How far its clock is off from ours', unit: 's', from: 'node_time_seconds' },
        offset: {
          title: 'How far it is off by its own reckoning',
          unit: 's',
          from: 'node_timex_offset_seconds',
        },
        synchronised: { title: '1 when it follows a time server', from: 'node_timex_sync_status' },
      },
    },
    {
      topic: 'host.uptime',
      title: 'Uptime',
      subject: 'the machine',
      fields: {
        uptime: {
          title: 'Time since its start',
          unit: 's',
          from: 'node_time_seconds, node_boot_time_seconds',
        },
        bootedAt: { title: 'When it started', unit: 'UTC', from: 'node_boot_time_seconds' },
      },
    },
  ],
  rules: [
    notAnswering('host', 'The machine does not answer'),
    {
      title: 'A disk is nearly full',
      document: {
        name: 'Disk nearly full',
        topic: 'host.disk',
        kind: 'threshold',
        params: { field: 'usage', op: '>', limit: 90, clear: 85 },
        severity: 'warning',
      },
    },
    {
      title: 'A disk cannot be written any more',
      document: {
        name: 'Disk is read-only',
        topic: 'host.disk',
        kind: 'threshold',
        params: { field: 'readonly', op: '>', limit: 0 },
        severity: 'critical',
      },
    },
    {
      title: 'Memory runs out',
      document: {
        name: 'Little memory',
        topic: 'host.memory',
        kind: 'threshold',
        params: { field: 'available', op: '<', limit: 10, clear: 15 },
        for: '2m',
        severity: 'warning',
      },
    },
    {
      title: 'The load is high for a while',
      document: {
        name: 'High load',
        topic: 'host.load',
        kind: 'threshold',
        params: { field: 'perCpu', op: '>', limit: 2, clear: 1.5 },
        for: '10m',
        severity: 'warning',
      },
    },
    {
      title: 'The clock is off',
      document: {
        name: 'Clock is off',
        topic: 'host.clock',
        kind: 'threshold',
        params: { field: 'skew', op: '>', limit: 5, clear: 3 },
        for: '5m',
        severity: 'warning',
      },
    },
    {
      title: 'The machine was restarted',
      document: {
        name: 'Machine was restarted',
        topic: 'host.uptime',
        kind: 'change',
        params: { field: 'bootedAt' },
        severity: 'info',
      },
    },
  ],
  scrape: {
    everyMs: 30_000,
    requests: ({ url }) => [{ url, form: 'metrics', wanted }],
    read([page], _params, counters, now) {
      if (page?.form !== 'metrics') return [];
      const { metrics } = page;
      const one = (name: (typeof wanted)[number]) => metrics.one(name);
      const findings = disks(metrics);
      const [available, total] = [one('node_memory_MemAvailable_bytes'), one('node_memory_MemTotal_bytes')];
      if (available !== undefined)
        findings.push({
          topic: 'host.memory',
          data: {
            available: share(available, total),
            availableBytes: available,
            swap: usedShare(one('node_memory_SwapFree_bytes'), one('node_memory_SwapTotal_bytes')),
          },
        });
      const load5 = one('node_load5');
      const idle = metrics.all('node_cpu_seconds_total', { mode: 'idle' });
      const idlePerSecond = counters.perSecond(
        'idle',
        metrics.sum('node_cpu_seconds_total', { mode: 'idle' }),
      );
      if (load5 !== undefined)
        findings.push({
          topic: 'host.load',
          data: {
            load1: one('node_load1'),
            load5,
            load15: one('node_load15'),
            perCpu: idle.length === 0 ? undefined : rounded(load5 / idle.length),
            busy:
              idlePerSecond === undefined
                ? undefined
                : rounded(Math.min(100, Math.max(0, 100 - (idlePerSecond / idle.length) * 100))),
          },
        });
      const time = one('node_time_seconds');
      if (time !== undefined)
        findings.push({
          topic: 'host.clock',
          data: {
            skew: rounded(Math.abs(time - now / 1_000)),
            offset: one('node_timex_offset_seconds'),
            synchronised: one('node_timex_sync_status'),
          },
        });
      const boot = one('node_boot_time_seconds');
      if (boot !== undefined)
        findings.push({
          topic: 'host.uptime',
          data: {
            uptime: time === undefined ? undefined : Math.round(time - boot),
            bootedAt: minute(boot),
          },
        });
      return findings;
    },
  },
  example: {
    params: { url: 'http://127.0.0.1:9100/metrics' },
    now: Date.UTC(2026, 4, 4, 10),
    pages: [
      {
        body: [
          '# TYPE node_filesystem_avail_bytes gauge',
          'node_filesystem_avail_bytes{device="/dev/vda1",fstype="ext4",mountpoint="/home"} 5e+09',
          'node_filesystem_free_bytes{device="/dev/vda1",fstype="ext4",mountpoint="/home"} 1e+10',
          'node_filesystem_size_bytes{device="/dev/vda1",fstype="ext4",mountpoint="/home"} 1.05e+11',
          'node_filesystem_files{device="/dev/vda1",fstype="ext4",mountpoint="/home"} 1000',
          'node_filesystem_files_free{device="/dev/vda1",fstype="ext4",mountpoint="/home"} 750',
          'node_filesystem_readonly{device="/dev/vda1",fstype="ext4",mountpoint="/home"} 0',
          'node_filesystem_avail_bytes{device="tmpfs",fstype="tmpfs",mountpoint="/run"} 0',
          'node_filesystem_size_bytes{device="tmpfs",fstype="tmpfs",mountpoint="/run"} 1e+06',
          'node_memory_MemAvailable_bytes 2e+09',
          'node_memory_MemTotal_bytes 8e+09',
          'node_memory_SwapFree_bytes 0',
          'node_memory_SwapTotal_bytes 0',
          'node_load1 1',
          'node_load5 3',
          'node_load15 2',
          'node_cpu_seconds_total{cpu="0",mode="idle"} 100',
          'node_cpu_seconds_total{cpu="0",mode="user"} 50',
          'node_cpu_seconds_total{cpu="1",mode="idle"} 100',
          `node_time_seconds ${Date.UTC(2026, 4, 4, 10) / 1_000 - 2}`,
          'node_timex_sync_status 1',
          'node_timex_offset_seconds 0.001',
          `node_boot_time_seconds ${Date.UTC(2026, 4, 4, 9) / 1_000}`,
          '',
        ].join('\n'),
      },
    ],
    findings: [
      {
        topic: 'host.disk',
        subject: '/home',
        data: { usage: 95, free: 5e9, inodes: 25, readonly: 0 },
      },
      { topic: 'host.memory', data: { available: 25, availableBytes: 2e9 } },
      { topic: 'host.load', data: { load1: 1, load5: 3, load15: 2, perCpu: 1.5 } },
      { topic: 'host.clock', data: { skew: 2, offset: 0.001, synchronised: 1 } },
      { topic: 'host.uptime', data: { uptime: 3598, bootedAt: '2026-05-04 09:00' } },
    ],
  },
});

function disks(metrics: Metrics): Finding[] {
  const seen = new Set<string>();
  return metrics.all('node_filesystem_size_bytes').flatMap(({ labels, value: size }): Finding[] => {
    const [device, fstype, mountpoint] = ['device', 'fstype', 'mountpoint'].map(
      (name) => labels.get(name) ?? '',
    );
    if (size <= 0 || unreal.test(fstype!) || seen.has(mountpoint!)) return [];
    seen.add(mountpoint!);
    const of = (name: (typeof wanted)[number]) =>
      metrics.one(name, { mountpoint: mountpoint!, device: device! });
    const available = of('node_filesystem_avail_bytes');
    if (available === undefined) return [];
    // As df reckons: what only root may use counts as neither used nor free.
    const used = size - (of('node_filesystem_free_bytes') ?? available);
    return [
      {
        topic: 'host.disk',
        subject: mountpoint!,
        data: {
          usage: share(used, used + available),
          free: available,
          inodes: usedShare(of('node_filesystem_files_free'), of('node_filesystem_files')),
          readonly: of('node_filesystem_readonly'),
        },
        labels: { device: device!, fstype: fstype! },
      },
    ];
  });
}

/** To the minute: some kernels reckon it anew each time and are a second off. */
function minute(seconds: number): string | undefined {
  const at = new Date(Math.round(seconds / 60) * 60_000);
  if (Number.isNaN(at.getTime())) return undefined;
  return at.toISOString().slice(0, 16).replace('T', ' ');
}

function share(part: number, whole: number | undefined): number | undefined {
  return whole === undefined || whole <= 0 ? undefined : rounded((part / whole) * 100);
}

function usedShare(free: number | undefined, whole: number | undefined): number | undefined {
  return free === undefined || whole === undefined ? undefined : share(whole - free, whole);
}
