import { type DeviceChoice, isRunningDevice, type RunningDevice } from '../model/network-device.ts';

/** What faces are to be rendered on: `gpu:` is followed by a part of an adapter's name, and allows one that computes on the processor. */
export type FaceDevice = 'auto' | 'cpu' | 'gpu' | `gpu:${string}`;

/** What a run is asked to compute on: what faces are rendered on, what networks run on, or both with a comma between them. */
export type DeviceWish = FaceDevice | RunningDevice | `${FaceDevice},${DeviceChoice}`;

/**
 * Both of what a wish names: `cpu` is for faces and networks, another device of networks leaves the choice of faces' free, and the other way
 * round. Null where it means nothing.
 */
export function readDeviceWish(text: string): { readonly faces: FaceDevice; readonly networks: DeviceChoice } | null {
  if (text === 'cpu') return { faces: 'cpu', networks: 'cpu' };
  if (isRunningDevice(text)) return { faces: 'auto', networks: text };
  // An adapter's name may have commas too: the last one counts, where a device of networks follows.
  const comma = text.lastIndexOf(',');
  const last = text.slice(comma + 1).trim();
  const isPair = comma >= 0 && (last === 'auto' || isRunningDevice(last));
  const faces = isPair ? text.slice(0, comma).trim() : text;
  if (!isFaceDevice(faces)) return null;
  return { faces, networks: isPair ? (last as DeviceChoice) : 'auto' };
}

/** The same for a wish that was checked. */
export function wishedDevices(wish: DeviceWish): NonNullable<ReturnType<typeof readDeviceWish>> {
  const read = readDeviceWish(wish);
  if (!read) throw new TypeError(`Unreachable: the device "${wish}" was checked.`);
  return read;
}

function isFaceDevice(text: string): text is FaceDevice {
  return /^(auto|cpu|gpu|gpu:.*\S.*)$/.test(text);
}

/** What faces are rendered on, as far as their pixels depend on it. */
export type RenderingDevice = { readonly kind: 'cpu' } | ({ readonly kind: 'gpu' } & GpuFacts);

export interface GpuFacts {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  /** Its name, and mostly its driver's version. */
  readonly description: string;
  /** Version of the package through which it is reached. */
  readonly version: string;
  /** SHA-256 of all kernels, lower-case hex. */
  readonly kernels: string;
}

export const CPU: RenderingDevice = { kind: 'cpu' };

/** As records, reports and sentences name it: `cpu`, or the adapter's own name. */
export function deviceName(device: RenderingDevice): string {
  return device.kind === 'cpu' ? 'cpu' : device.description || device.device || 'gpu';
}

/** The part of an adapter's name in a wish; undefined where any will do. */
export function wishedAdapter(wish: FaceDevice): string | undefined {
  return wish.startsWith('gpu:') ? wish.slice('gpu:'.length) : undefined;
}
