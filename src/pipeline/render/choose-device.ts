import { onlySoftware } from '../../compute/gpu/device/gpu-device.ts';
import { DeviceError } from '../../model/device-error.ts';
import {
  CPU,
  deviceName,
  type FaceDevice,
  type RenderingDevice,
  wishedAdapter,
} from '../../render/rendering-device.ts';
import { listAdapters } from '../../workers/ask-child.ts';
import type { DeviceProbe, GpuRenderService } from '../../workers/gpu-render-service.ts';
import { FRAMES_IN_FLIGHT } from '../../workers/render-team.ts';
import { openRemote, type Remote } from '../../workers/rpc.ts';
import { workersOfMachine } from './memory-of-run.ts';

/** What a run renders on. */
export interface ChosenDevice {
  readonly device: RenderingDevice;
  /** Why, as a sentence. */
  readonly reason: string;
  /** The thread that owns the device; null where there is none. It is the caller's to close. */
  readonly remote: Remote<GpuRenderService> | null;
}

/** Starts the thread that is to own a device. */
export type StartDevice = () => Remote<GpuRenderService>;

const startDevice: StartDevice = () => openRemote('gpu-render-worker');

/**
 * Chooses what faces are rendered on. `auto` comes to the CPU wherever a device is missing, computes on the processor, restores a face
 * otherwise than the CPU does, or is slower than the cores together.
 *
 * @throws DeviceError where a wish names a device that cannot be opened
 */
export async function chooseDevice(wish: FaceDevice, start = startDevice): Promise<ChosenDevice> {
  if (wish === 'cpu') return onCpu('--device cpu was asked for.');
  if (wish === 'auto') return chosenFreely(start);
  try {
    const { device, remote } = await openDevice(wish, start);
    return { device, remote, reason: `--device ${wish} was asked for.` };
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new DeviceError(wish, `--device ${wish}: ${said}`, { cause });
  }
}

/** Opens what a wish names, in a thread of its own, to work on up to `inFlight` faces at a time. */
export async function openDevice(
  wish: FaceDevice,
  start = startDevice,
  inFlight = FRAMES_IN_FLIGHT,
): Promise<{ readonly device: RenderingDevice; readonly remote: Remote<GpuRenderService> }> {
  const remote = start();
  const named = wishedAdapter(wish);
  try {
    const facts = await remote.call('open', { inFlight, ...(named === undefined ? {} : { named, software: true }) });
    return { device: { kind: 'gpu', ...facts }, remote };
  } catch (error) {
    await remote[Symbol.asyncDispose]();
    throw error;
  }
}

async function chosenFreely(start: StartDevice): Promise<ChosenDevice> {
  const answer = await listAdapters();
  if ('refused' in answer) return onCpu(answer.refused);
  const [first, ...others] = answer.found.adapters;
  if (!first) return onCpu('No graphics adapter was found.');
  if ([first, ...others].every(({ software }) => software)) return onCpu(onlySoftware(first));
  let opened: Awaited<ReturnType<typeof openDevice>>;
  try {
    opened = await openDevice('auto', start);
  } catch (error) {
    return onCpu((error as Error).message);
  }
  const { device, remote } = opened;
  const verdict = await remote.call('probe', null).then(
    (probe) => judged(deviceName(device), probe),
    (error: Error) => ({ isBetter: false, reason: `${deviceName(device)} failed at a trial: ${error.message}` }),
  );
  if (verdict.isBetter) return { device, remote, reason: verdict.reason };
  await remote[Symbol.asyncDispose]();
  return onCpu(verdict.reason);
}

/** The cores are taken to share the work without loss, which is more than they do. */
function judged(
  name: string,
  { gpu, cpu, agree }: DeviceProbe,
): { readonly isBetter: boolean; readonly reason: string } {
  if (!agree) {
    return { isBetter: false, reason: `${name} restores a face otherwise than the CPU does: update its driver.` };
  }
  const together = cpu / workersOfMachine();
  const took = `${name} takes ${milliseconds(gpu)} for a face where the cores together take ${milliseconds(together)}.`;
  return { isBetter: gpu < together, reason: took };
}

function milliseconds(seconds: number): string {
  return `${(1000 * seconds).toPrecision(2)} ms`;
}

function onCpu(reason: string): ChosenDevice {
  return { device: CPU, reason, remote: null };
}
