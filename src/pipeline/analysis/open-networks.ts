import { expectTask } from '../../model/contract.ts';
import { DeviceError } from '../../model/device-error.ts';
import type { ModelLibrary } from '../../model/library.ts';
import type { DeviceChoice, RunningDevice } from '../../model/network-device.ts';
import { floorOf } from '../../model/recogniser.ts';
import { runtimeVersion } from '../../model/runtime.ts';
import { wishedDevices } from '../../render/rendering-device.ts';
import type { Preset } from '../../settings/preset.ts';
import type { NetworkThresholds } from '../../settings/settled-preset.ts';
import { lazyRemote } from '../../workers/lazy-remote.ts';
import { openRemote, type Remote } from '../../workers/rpc.ts';
import type { ModelChoice, TrackingService } from '../../workers/tracking-service.ts';
import type { CastingJob } from '../job.ts';
import type { RunOptions } from '../run-options.ts';
import { chooseModels, modelIds } from './choose-models.ts';
import { chooseNetworkDevice } from './network-trials.ts';
import { pullModels } from './pull-models.ts';

/** What is known of the networks that find and tell faces. */
export interface NetworkFacts extends NetworkThresholds {
  /** Ids and hashes of the networks. */
  readonly models: Readonly<Record<string, string>>;
  /** What they run on, and the version of the program that runs them. */
  readonly device: RunningDevice;
  /** Why, as a sentence. */
  readonly deviceReason: string;
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
  const { networks: wish } = wishedDevices(job.device);
  const { device, reason } = await chooseNetworkDevice(wish);
  const choice = await chooseModels(library, { ...preset.models, ...job.models }, device);
  const models = await pullModels(library, modelIds(choice), options);
  const detector = expectTask(await library.contract(choice.detector), 'detect');
  const recogniser = expectTask(await library.contract(choice.recogniser), 'recognise');
  const opened = await trackingOf(choice, wish);
  return {
    tracking: opened.tracking,
    facts: {
      models,
      device: opened.choice.device,
      deviceReason: opened.fault ?? reason,
      runtime: runtimeVersion(),
      detector: { threshold: detector.threshold },
      recogniser: { threshold: recogniser.threshold, floor: floorOf(recogniser) },
    },
    openMore: () => openedTracking(opened.choice),
    [Symbol.asyncDispose]: () => opened.tracking[Symbol.asyncDispose](),
  };
}

/**
 * Opens the networks on the device of a choice: at once where that is an accelerator, when they are first called where it is the processor.
 * Where nobody asked for that accelerator and it does not run one of them, they run on the processor, and `fault` says why.
 */
async function trackingOf(
  choice: ModelChoice,
  wish: DeviceChoice,
): Promise<{ readonly tracking: Remote<TrackingService>; readonly choice: ModelChoice; readonly fault?: string }> {
  if (choice.device === 'cpu') return { tracking: lazyRemote(() => openedTracking(choice)), choice };
  try {
    return { tracking: await openedTracking(choice), choice };
  } catch (error) {
    if (wish !== 'auto' || !(error instanceof DeviceError)) throw error;
    const onCpu = { ...choice, device: 'cpu' } as const;
    return { tracking: lazyRemote(() => openedTracking(onCpu)), choice: onCpu, fault: error.message };
  }
}

async function openedTracking(choice: ModelChoice): Promise<Remote<TrackingService>> {
  const tracking = openRemote<TrackingService>('tracking-worker');
  try {
    await tracking.call('open', choice);
    return tracking;
  } catch (error) {
    await tracking[Symbol.asyncDispose]();
    throw error;
  }
}
