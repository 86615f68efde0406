import { expectTask } from '../../model/contract.ts';
import type { ModelLibrary } from '../../model/library.ts';
import { floorOf } from '../../model/recogniser.ts';
import { knownDevice, runtimeVersion } from '../../model/runtime.ts';
import type { RunningDevice } from '../../model/session.ts';
import type { Preset } from '../../settings/preset.ts';
import type { NetworkThresholds } from '../../settings/settled-preset.ts';
import { lazyRemote } from '../../workers/lazy-remote.ts';
import { openRemote, type Remote } from '../../workers/rpc.ts';
import type { ModelChoice, TrackingService } from '../../workers/tracking-service.ts';
import type { CastingJob } from '../job.ts';
import type { RunOptions } from '../run-options.ts';
import { chooseModels, modelIds } from './choose-models.ts';
import { pullModels } from './pull-models.ts';

/** What is known of the networks that find and tell faces. */
export interface NetworkFacts extends NetworkThresholds {
  /** Ids and hashes of the networks. */
  readonly models: Readonly<Record<string, string>>;
  /** What they run on, and the version of the program that runs them. */
  readonly device: RunningDevice;
  readonly runtime: string;
}

/** The networks that find and tell faces. */
export interface OpenNetworks extends AsyncDisposable {
  /** Their worker thread: they are opened when it is first called. */
  readonly tracking: Remote<TrackingService>;
  readonly facts: NetworkFacts;
  /** Opens the same networks in one more thread, the caller's to close. */
  openMore(): Promise<Remote<TrackingService>>;
}

/**
 * Fetches the networks of a preset and a job where they are missing. None is opened but where only that tells what they run on: with
 * tracks and stills kept from earlier runs, none is needed.
 */
export async function openNetworks(
  job: Pick<CastingJob, 'models' | 'device'>,
  preset: Preset,
  library: ModelLibrary,
  options: RunOptions,
): Promise<OpenNetworks> {
  // Graphics adapters render faces; networks take CUDA where it works.
  const device = job.device === 'cpu' ? 'cpu' : 'auto';
  const choice = await chooseModels(library, { ...preset.models, ...job.models }, device);
  const models = await pullModels(library, modelIds(choice), options);
  const detector = expectTask(await library.contract(choice.detector), 'detect');
  const recogniser = expectTask(await library.contract(choice.recogniser), 'recognise');
  const { tracking, device: found } = await trackingOf(choice);
  return {
    tracking,
    facts: {
      models,
      device: found,
      runtime: runtimeVersion(),
      detector: { threshold: detector.threshold },
      recogniser: { threshold: recogniser.threshold, floor: floorOf(recogniser) },
    },
    openMore: async () => (await openedTracking(choice)).tracking,
    [Symbol.asyncDispose]: () => tracking[Symbol.asyncDispose](),
  };
}

async function trackingOf(choice: ModelChoice) {
  const device = knownDevice(choice.device);
  if (!device) return openedTracking(choice);
  return { tracking: lazyRemote(async () => (await openedTracking(choice)).tracking), device };
}

async function openedTracking(choice: ModelChoice) {
  const tracking = openRemote<TrackingService>('tracking-worker');
  try {
    return { tracking, device: await tracking.call('open', choice) };
  } catch (error) {
    await tracking[Symbol.asyncDispose]();
    throw error;
  }
}
