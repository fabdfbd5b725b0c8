// The shelf of modules, in the order they are offered.
import type { Module } from '../module.ts';
import { assetPrice } from './asset-price.ts';
import { blockchainNode } from './blockchain-node.ts';
import { computeWorker } from './compute-worker.ts';
import { edaBuilds } from './eda-builds.ts';
import { ethereumValidator } from './ethereum-validator.ts';
import { host } from './host.ts';
import { json } from './json.ts';
import { metrics } from './metrics.ts';
import { packageBuilder } from './package-builder.ts';
import { promql } from './promql.ts';
import { rotki } from './rotki.ts';
import { storageNode } from './storage-node.ts';

export const modules = [
  host,
  ethereumValidator,
  blockchainNode,
  storageNode,
  rotki,
  assetPrice,
  metrics,
  promql,
  json,
  computeWorker,
  packageBuilder,
  edaBuilds,
] as readonly Module[];

/** The module of this name, or undefined. */
export function moduleNamed(name: string): Module | undefined {
  return modules.find((module) => module.name === name);
}
