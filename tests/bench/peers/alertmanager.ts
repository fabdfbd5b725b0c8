// Debian's Alertmanager as a peer, with one route or one for each user; and Prometheus in front of it.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../../harness/folder.ts';
import { freePort } from '../../harness/free-port.ts';
import { benchToken } from '../load/yard.ts';
import { type Server, startProgram } from './process.ts';

/** Whether these programs of Debian's are installed. */
export function installed(...names: string[]): boolean {
  return names.every((name) => spawnSync(name, ['--version']).status === 0);
}

export interface AlertmanagerSettings {
  /** The fake Bot API; without it nothing is told. */
  apiRoot?: string;
  /** One for each user, tried one after the other; 1: a single one for all. */
  routes?: number;
  /** `defaults`: groups wait half a minute. Otherwise each alert is a group that waits for nothing. */
  waits?: 'defaults';
}

/** Starts it in a folder of its own, alone. */
export async function startAlertmanager(settings: AlertmanagerSettings = {}): Promise<Server> {
  const folder = temporaryFolder('alertmanager');
  const config = path.join(folder.path, 'alertmanager.yml');
  writeFileSync(config, configOf(settings));
  const port = await freePort();
  const args = [
    `--config.file=${config}`,
    `--storage.path=${path.join(folder.path, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
    '--log.level=error',
  ];
  return beside(folder, await startProgram('prometheus-alertmanager', args, { port, path: '/-/ready' }));
}

function configOf({ apiRoot, routes = 1, waits }: AlertmanagerSettings): string {
  const telegram = `\n  telegram_configs:\n  - {api_url: '${apiRoot}', bot_token: '${benchToken}', chat_id: 7001, send_resolved: false}`;
  const own = Array.from(
    { length: routes === 1 ? 0 : routes },
    (_, i) => `  - {matchers: ['user="u${i}"'], receiver: told, continue: true}\n`,
  ).join('');
  const first = routes === 1 && apiRoot ? 'told' : 'nobody';
  const timing = waits
    ? 'group_by: [alertname]'
    : `group_by: ['...']\n  group_wait: ${apiRoot ? '0s' : '1h'}\n  group_interval: 1h\n  repeat_interval: 24h`;
  // Without anybody to tell, one group takes all of them.
  const grouping = apiRoot ? timing : timing.replace("['...']", '[env]');
  return `route:\n  receiver: ${first}\n  ${grouping}\n${own ? `  routes:\n${own}` : ''}receivers:\n- name: nobody\n- name: told${apiRoot ? telegram : ''}\n`;
}

/** Prometheus that asks the yard each second and tells this Alertmanager. */
export async function startPrometheus(metricsPort: number, alertmanagerPort: number): Promise<Server> {
  const folder = temporaryFolder('prometheus');
  const config = path.join(folder.path, 'prometheus.yml');
  const rules = path.join(folder.path, 'rules.yml');
  const rule = "{alert: '{{ $labels.mark }}', expr: bench_value > 50}";
  writeFileSync(
    rules,
    `groups:\n- name: bench\n  rules:\n  - ${rule.replace("'{{ $labels.mark }}'", 'Bench')}\n`,
  );
  writeFileSync(
    config,
    `global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: ['${rules}']\n` +
      `alerting: {alertmanagers: [{static_configs: [{targets: ['127.0.0.1:${alertmanagerPort}']}]}]}\n` +
      `scrape_configs: [{job_name: bench, static_configs: [{targets: ['127.0.0.1:${metricsPort}']}]}]\n`,
  );
  const port = await freePort();
  const args = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${path.join(folder.path, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=error',
  ];
  return beside(folder, await startProgram('prometheus', args, { port, path: '/-/ready' }));
}

function beside(folder: { remove(): void }, server: Server): Server {
  return {
    ...server,
    async stop() {
      await server.stop();
      folder.remove();
    },
  };
}
