import type { RunEvent } from '../../log/run-event.ts';
import { deviceName } from '../../render/rendering-device.ts';
import type { ChosenDevice } from './choose-device.ts';

/** Tells what faces are rendered on, and why. */
export function deviceEvent({ device, reason }: Pick<ChosenDevice, 'device' | 'reason'>): RunEvent {
  return { code: 'DEVICE_CHOSEN', labels: { device: deviceName(device) }, reason };
}
