import { basename, dirname } from 'node:path';
import { UsageError } from '../../settings/usage-error.ts';
import { readOrder } from '../order/order.ts';
import { mappedPath, parsePathMap } from '../order/path-maps.ts';
import type { EngineJob } from './engine-job.ts';
import { type KubernetesPods, kubernetesJobs } from './kubernetes.ts';
import { openjdTemplate } from './openjd.ts';
import { orderRoots } from './order-roots.ts';
import { slurmScript } from './slurm.ts';

/** How an order is to be run by another engine. */
export interface ExportRequest extends Pick<EngineJob, 'program' | 'maps' | 'resources'> {
  /** Path of `order.json`, absolute. */
  readonly order: string;
  readonly engine: Engine;
  /** Null: as many as the reel has spans. */
  readonly parts: number | null;
}

export type Engine =
  | { readonly kind: 'openjd' }
  | { readonly kind: 'slurm' }
  | ({ readonly kind: 'kubernetes' } & KubernetesPods);

/**
 * What an engine is given to run an order: a template, Jobs in YAML, or a script.
 *
 * @throws UsageError where there is no order, or the engine cannot be told what is asked for; OrderError for one that cannot be read
 */
export async function exportOrder({ order: path, engine, parts, ...given }: ExportRequest): Promise<string> {
  const order = await readOrder(dirname(dirname(path)));
  if (!order || basename(path) !== 'order.json') {
    throw new UsageError(
      `"${path}" is no order. Give the file order.json that "reelmend submit" wrote into the folder "farm" of the output's work folder.`,
    );
  }
  const job = {
    ...given,
    name: basename(order.job.out),
    orderPath: path,
    roots: await orderRoots(order.job),
    spans: order.spans.length,
    parts: parts ?? Math.max(1, order.spans.length),
  };
  if (engine.kind === 'openjd') return openjdTemplate(job);
  const maps = job.maps.map((map) => parsePathMap(map, '--map'));
  const there = { ...job, orderPath: mappedPath(path, maps) };
  return engine.kind === 'slurm' ? slurmScript(there) : kubernetesJobs(there, engine);
}
