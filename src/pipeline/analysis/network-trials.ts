import { onlySoftware } from '../../compute/gpu/device/gpu-device.ts';
import { type DeviceChoice, type RunningDevice, TRIED_PROVIDERS } from '../../model/network-device.ts';
import { hasNoAccelerator } from '../../model/runtime.ts';
import { askChild, listAdapters } from '../../workers/ask-child.ts';

/** What networks run on, and why, as a sentence. */
export interface NetworkChoice {
  readonly device: RunningDevice;
  readonly reason: string;
}

let chosenFreely: Promise<NetworkChoice> | undefined;

/**
 * What networks run on: what was asked for, which is opened with the first of them; for `auto` the first accelerator that answers a tiny
 * network right, else the processor. One that computes on the processor by a graphics driver is none.
 */
export function chooseNetworkDevice(choice: DeviceChoice): Promise<NetworkChoice> {
  if (choice !== 'auto') return Promise.resolve({ device: choice, reason: `--device ${choice} was asked for.` });
  chosenFreely ??= tried();
  return chosenFreely;
}

async function tried(): Promise<NetworkChoice> {
  if (hasNoAccelerator()) return { device: 'cpu', reason: 'No accelerator was found.' };
  const faults: string[] = [];
  for (const device of TRIED_PROVIDERS) {
    const fault = (device === 'webgpu' ? await softwareAlone() : null) ?? (await faultOf(device));
    if (fault === null) return { device, reason: `${device} is the first that answers a trial network right.` };
    faults.push(`${device}: ${fault}`);
  }
  return { device: 'cpu', reason: `No accelerator answers a trial network right. ${faults.join(' ')}` };
}

/** Why a device does not run networks here, as a sentence; null where it answers a tiny one right. A process of its own is asked. */
export async function faultOf(device: RunningDevice): Promise<string | null> {
  const answer = await askChild<{ readonly fault: string | null }>('pipeline/network-trial-child', [device]);
  return 'found' in answer ? answer.found.fault : answer.refused;
}

/** Why WebGPU is not to be chosen freely; null where an adapter computes by itself. */
async function softwareAlone(): Promise<string | null> {
  const answer = await listAdapters();
  if ('refused' in answer) return answer.refused;
  const [first, ...others] = answer.found.adapters;
  if (!first) return 'No graphics adapter was found.';
  return [first, ...others].every(({ software }) => software) ? onlySoftware(first) : null;
}
