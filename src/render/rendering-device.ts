/** What a run is asked to compute on: `gpu:` is followed by a part of an adapter's name, and allows one that computes on the processor. */
export type DeviceWish = 'auto' | 'cpu' | 'gpu' | `gpu:${string}`;

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
export function wishedAdapter(wish: DeviceWish): string | undefined {
  return wish.startsWith('gpu:') ? wish.slice('gpu:'.length) : undefined;
}
