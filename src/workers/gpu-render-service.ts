import { openCpuCompute } from '../compute/cpu/cpu-compute.ts';
import type { GpuChoice } from '../compute/gpu/device/gpu-device.ts';
import { type GpuCompute, openGpuCompute } from '../compute/gpu/gpu-compute.ts';
import { sha256Of } from '../disk/sha256.ts';
import { agree, probedFace } from '../render/device-probe.ts';
import { faceRenderer } from '../render/face-renderer.ts';
import type { FaceRenderer } from '../render/face-rendering.ts';
import type { GpuFacts } from '../render/rendering-device.ts';
import { sideBySide } from '../render/side-by-side.ts';
import { movingRenderer } from './moving-renderer.ts';

/** What one face in one frame takes on the device and on one core, seconds, and whether both come to the same. */
export interface DeviceProbe {
  readonly gpu: number;
  readonly cpu: number;
  readonly agree: boolean;
}

/** Which device is opened, and how many faces it works on at a time. */
export interface DeviceToOpen extends GpuChoice {
  readonly inFlight: number;
}

/** Renders faces on a device. Calls are begun as they come; see `sideBySide` for what waits for what. */
export type GpuRenderService = FaceRenderer & {
  /** Opens the device, before anything else. @throws GpuError where it cannot be opened; the message says what to do */
  open(choice: DeviceToOpen): Promise<GpuFacts>;
  /** Restores the same face on the device and on the processor. */
  probe(nothing: null): Promise<DeviceProbe>;
};

/** The service of a thread that owns a device, and what closes it before the thread ends. */
export function gpuRenderService(): { readonly service: GpuRenderService; close(): Promise<void> } {
  let opened: { readonly compute: GpuCompute; readonly renderer: FaceRenderer } | undefined;
  const device = () => {
    if (!opened) throw new Error('Unreachable: faces are rendered after "open".');
    return opened;
  };
  const service: GpuRenderService = {
    async open({ inFlight, ...choice }) {
      const compute = await openGpuCompute(choice);
      const renderer = movingRenderer(sideBySide(faceRenderer(undefined, compute), inFlight));
      opened = { compute, renderer };
      const { vendor, architecture, device, description } = compute.adapter;
      return {
        vendor,
        architecture,
        device,
        description,
        version: compute.version,
        kernels: sha256Of(compute.kernels),
      };
    },
    async probe() {
      const now = () => performance.now() / 1000;
      const there = await probedFace(device().compute, now);
      await using cpu = openCpuCompute();
      const here = await probedFace(cpu, now);
      return { gpu: there.seconds, cpu: here.seconds, agree: agree(here, there) };
    },
    addStill: (still) => device().renderer.addStill(still),
    begin: (track) => device().renderer.begin(track),
    lift: (face) => device().renderer.lift(face),
    share: (face) => device().renderer.share(face),
    keyframe: (face) => device().renderer.keyframe(face),
    adopt: (face) => device().renderer.adopt(face),
    mask: (face) => device().renderer.mask(face),
    adoptMask: (face) => device().renderer.adoptMask(face),
    comp: (face) => device().renderer.comp(face),
    still: (face) => device().renderer.still(face),
    forget: (until) => device().renderer.forget(until),
    end: (of) => device().renderer.end(of),
    picture: (of) => device().renderer.picture(of),
  };
  return { service, close: async () => opened?.compute[Symbol.asyncDispose]() };
}
