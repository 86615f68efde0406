import { isDeepStrictEqual } from 'node:util';
import type { Reel } from '../../film/reel.ts';
import type { ModelLibrary } from '../../model/library.ts';
import { readAnalysis } from '../../pipeline/analysis/analysis-file.ts';
import { type AnalysisResources, openAnalysisResources } from '../../pipeline/analysis/analysis-resources.ts';
import { type BegunAnalysis, beginAnalysis } from '../../pipeline/analysis/begin-analysis.ts';
import type { ReelAnalysis } from '../../pipeline/analysis/reel-analysis.ts';
import type { RestoreJob } from '../../pipeline/job.ts';
import { openRunDevice, type RunDevice } from '../../pipeline/render/run-device.ts';
import type { RunOptions } from '../../pipeline/run-options.ts';
import { planRun, type RunPlan } from '../../pipeline/work/plan-run.ts';
import { wishedDevices } from '../../render/rendering-device.ts';
import { canonicalJson } from '../../settings/canonical-json.ts';
import { checkPrint } from '../order/check-print.ts';
import { mappedJob, mappedReel } from '../order/mapped-job.ts';
import {
  describeVersions,
  type Order,
  type OrderPlace,
  ownVersions,
  readOrder,
  readOrderReel,
  type Versions,
} from '../order/order.ts';
import { OrderError, StepRefused } from '../order/order-error.ts';
import type { PathMap } from '../order/path-maps.ts';
import { analysisPath, type TakeList } from './take-list.ts';

/** How a machine sees an order. */
export interface OrderView {
  /** As this machine sees it. */
  readonly place: OrderPlace;
  /** Where the paths of the machine that submitted are here. */
  readonly maps: readonly PathMap[];
  /** Where networks come from; absent: this machine's library. */
  readonly library?: ModelLibrary;
  /** ffmpeg's path; absent: as it is found. */
  readonly ffmpeg?: string;
}

/** An order with what its steps need, opened as they ask for it and kept until it is closed. */
export interface OpenOrder extends AsyncDisposable {
  readonly place: OrderPlace;
  readonly work: string;
  readonly order: Order;
  readonly job: RestoreJob;
  readonly resources: AnalysisResources;
  readonly device: RunDevice;
  /** The reel with the networks that look at it. */
  begun(run: RunOptions): Promise<BegunAnalysis>;
  /** The plan of the analysis that the casting left with this list of takes. */
  plan(list: TakeList, run: RunOptions): Promise<RunPlan>;
  /** The plan of an analysis that was just made. */
  planned(analysis: ReelAnalysis, run: RunOptions): Promise<RunPlan>;
}

/**
 * Opens an order.
 *
 * @param id the order that is expected there
 * @throws StepRefused where another order has taken its place, this program would make other bytes, or the reel is another one here
 */
export async function openOrder(view: OrderView, id: string, run: RunOptions): Promise<OpenOrder> {
  const { place, maps } = view;
  const { work } = place;
  const order = await readOrder(work);
  if (order === null) {
    throw new StepRefused(
      `There is no order in "${work}". Submit the reel again, or map the folder (--map) where this machine sees it elsewhere.`,
    );
  }
  if (order.id !== id) {
    throw new OrderError(`Another order has taken the place of this one in "${work}": its steps need not be done.`);
  }
  const job = { ...mappedJob(order.job, maps), ffmpeg: view.ffmpeg };
  const own = await openAnalysisResources(job, run);
  const resources = view.library ? { ...own, library: view.library } : own;
  const { device, reel } = await openChecked(order, view, own, run).catch((error: unknown) => {
    own[Symbol.dispose]();
    throw error;
  });

  let begun: Promise<BegunAnalysis> | undefined;
  let kept: { readonly list: TakeList; readonly plan: Promise<RunPlan> } | undefined;
  const planned = (analysis: ReelAnalysis, run: RunOptions) => planRun(job, analysis, resources, { ...run, device });
  const planKept = async (run: RunOptions) => {
    const analysis = await readAnalysis(analysisPath(work, order));
    for (const { paths } of job.references) await resources.pictures.add(paths);
    return planned({ ...analysis, reel: mappedReel(analysis.reel, maps) }, run);
  };
  return {
    ...{ place, work, order, job, resources, device, planned },
    begun(run) {
      begun ??= beginAnalysis(job, resources, run, async () => {}, reel).catch((error: unknown) => {
        begun = undefined;
        throw error;
      });
      return begun;
    },
    plan(list, run) {
      // It was cast anew where a span that was given up was tried again.
      if (!kept || !isDeepStrictEqual(kept.list, list)) {
        const plan = planKept(run).catch((error: unknown) => {
          kept = undefined;
          throw error;
        });
        kept = { list, plan };
      }
      return kept.plan;
    },
    async [Symbol.asyncDispose]() {
      const networks = await begun?.catch(() => undefined);
      await networks?.[Symbol.asyncDispose]();
      await device[Symbol.asyncDispose]();
      own[Symbol.dispose]();
    },
  };
}

/** The reel of an order, and what its faces are rendered on, if this machine may do its steps. @throws StepRefused */
async function openChecked(
  { versions, print, job }: Order,
  { place, maps }: OrderView,
  { ffmpeg }: Pick<AnalysisResources, 'ffmpeg'>,
  { signal, onProgress }: RunOptions,
): Promise<{ readonly reel: Reel; readonly device: RunDevice }> {
  assertVersions(versions, ownVersions(ffmpeg.version));
  const reel = await checkPrint({ reel: await readOrderReel(place.work), print }, maps, {
    signal,
    onRead: () => onProgress({ stage: 'reading', done: 0, total: 1, unit: 'frames' }),
  });
  return { reel, device: await openRunDevice(wishedDevices(job.device).faces) };
}

/** @throws StepRefused */
function assertVersions(versions: Versions, own: Versions): void {
  if (canonicalJson(own) === canonicalJson(versions)) return;
  throw new StepRefused(
    `The order is for ${describeVersions(versions)}; this machine has ${describeVersions(own)}, which may make other pixels. Install the same on it, or submit the reel again from a machine that has what the others have.`,
  );
}
