import type { PatchAlpha } from '../../../src/film/patch-alpha.ts';
import { cutRegion, type Plate } from '../../../src/film/plate.ts';
import type { Reel } from '../../../src/film/reel.ts';
import { bytesInMemory } from '../../../src/media/still/byte-source.ts';
import { parseExr } from '../../../src/media/still/exr/exr.ts';
import { unpackExr } from '../../../src/media/still/exr/unpack-exr.ts';
import { patchCodes } from '../../../src/pipeline/handover/patch-picture.ts';
import { patches } from '../../../src/pipeline/handover/patches.ts';
import { reelOf } from '../reel-of.ts';
import { type PlateKind, type RestoredFrame, restoredFrame } from './restored-frame.ts';

/** Red, green, blue and alpha of a whole frame. */
type Colours = readonly [Float32Array, Float32Array, Float32Array, Float32Array];

/** The patch file of a frame. */
export async function patchFileOf(frame: RestoredFrame, alpha: PatchAlpha, reel: Partial<Reel> = {}): Promise<Buffer> {
  const { after: plate, faces, untouched, colour } = frame;
  const facts = { width: plate.width, height: plate.height, format: plate.format, transfer: colour.transfer };
  const whole = reelOf({ ...facts, colour: colour.tags, ...reel } as Parameters<typeof reelOf>[0]);
  return Buffer.from(await patches('/patches', alpha).encode({ reel: whole, plate, faces, untouched, colour }));
}

/** The samples of a patch over its display window. */
export async function readPatch(file: Buffer): Promise<Colours> {
  const header = await parseExr(bytesInMemory(file));
  const all = new Float32Array((await unpackExr(file, header)).buffer);
  const count = header.width * header.height;
  const [green, blue, red, alpha] = [0, 1, 2, 3].map((k) =>
    all.subarray(k * count, (k + 1) * count),
  ) as unknown as Colours;
  return [red, green, blue, alpha];
}

/** A whole plate's colours as patches have them. */
export function codesOf(plate: Plate, { colour }: Pick<RestoredFrame, 'colour'>): readonly Float32Array[] {
  const all = { x: 0, y: 0, width: plate.width, height: plate.height };
  const { red, green, blue } = patchCodes(cutRegion(plate, all), all, colour);
  return [red, green, blue];
}

/** Laid over the plate as a compositor does it. */
export function laidOver(plate: number, patch: number, alpha: number, kind: PatchAlpha): number {
  return plate * (1 - alpha) + (kind === 'straight' ? patch * alpha : patch);
}

/**
 * The greatest distance of plate and patch, laid over each other, from the restored frame, over all pixels and channels of a drawn frame: of
 * full scale, or of the value where that is greater.
 */
export async function greatestError(kind: PlateKind, alpha: PatchAlpha): Promise<number> {
  const frame = restoredFrame(kind);
  const patch = await readPatch(await patchFileOf(frame, alpha));
  const [was, is] = [codesOf(frame.before, frame), codesOf(frame.after, frame)];
  let greatest = 0;
  is.forEach((channel, c) => {
    for (let i = 0; i < channel.length; i++) {
      const value = channel[i] as number;
      const rebuilt = laidOver(was[c]?.[i] as number, patch[c]?.[i] as number, patch[3][i] as number, alpha);
      greatest = Math.max(greatest, Math.abs(rebuilt - value) / Math.max(1, Math.abs(value)));
    }
  });
  return greatest;
}

/** One plate of each way in which reels keep their samples. */
export const KINDS: readonly PlateKind[] = [
  ...['gbrp', 'gbrap', 'gbrp10le', 'gbrp12le', 'gbrp16le', 'gray', 'gray10le', 'gray12le', 'gray16le'].map(
    (format) => ({
      format,
    }),
  ),
  { format: 'gbrp10le', transfer: 'log' },
  { format: 'gbrp10le', tags: { range: 'tv' } },
  { format: 'gbrpf32le', transfer: 'linear' },
  { format: 'gbrapf32le', transfer: 'linear' },
  { format: 'grayf32le', transfer: 'linear' },
  ...['yuv410p', 'yuv411p', 'yuv420p', 'yuv422p', 'yuv440p', 'yuv444p', 'yuva420p'].map((format) => ({ format })),
  ...['yuv420p10le', 'yuv422p10le', 'yuv444p10le', 'yuv444p12le', 'yuva444p16le'].map((format) => ({ format })),
  ...['yuv420p', 'yuv422p', 'yuv444p', 'yuv420p10le', 'yuv422p10le', 'yuv444p10le'].map((format) => ({
    format,
    tags: { range: 'pc', matrix: 'smpte170m' } as const,
  })),
  { format: 'yuv420p10le', transfer: 'pq', tags: { range: 'tv', matrix: 'bt2020nc', chromaLocation: 'topleft' } },
];
