import { type CodeColours, regionColours } from '../../compute/cpu/plate/region-colours.ts';
import { BRIGHTEST_SAMPLE } from '../../compute/cpu/plate/samples.ts';
import { maskBounds } from '../../face/mask-bounds.ts';
import { floatsOfHalves, halvesOfFloats } from '../../film/half-float.ts';
import type { PatchAlpha } from '../../film/patch-alpha.ts';
import type { Region } from '../../film/plate.ts';
import type { PlateColour } from '../../film/plate-colour.ts';
import { type Roi, roiAround } from '../../film/roi.ts';
import { type SampleFormat, siteStep } from '../../film/sample-format.ts';

/** Restored faces on transparency, trimmed to what is not transparent: each channel has `window.width` · `window.height` values, line by line. */
export interface PatchPicture {
  /** Plate pixels. */
  readonly window: Roi;
  readonly red: Float32Array;
  readonly green: Float32Array;
  readonly blue: Float32Array;
  /** 0 … 1; each is a binary16 number. */
  readonly alpha: Float32Array;
}

/** A face's part of the plate, and its matte: 65535 = restored. */
export interface MattedRegion {
  readonly roi: Roi;
  readonly matte: Uint16Array;
}

/** The part of a plate under regions, grown so that the colours of what `patchWindow` says of them depend on nothing beyond it. */
export function plateUnder(
  regions: readonly Roi[],
  plate: { readonly format: SampleFormat; readonly width: number; readonly height: number },
): Roi {
  return grown(regions, plate, 2);
}

/** The pixels of the plate that may look other when regions of it are changed: chroma reaches one of its sites farther. */
function patchWindow(
  regions: readonly Roi[],
  plate: { readonly format: SampleFormat; readonly width: number; readonly height: number },
): Roi {
  return grown(regions, plate, 1);
}

function grown(
  regions: readonly Roi[],
  plate: { readonly format: SampleFormat; readonly width: number; readonly height: number },
  sites: number,
): Roi {
  const step = siteStep(plate.format);
  const corners = regions.flatMap(({ x, y, width, height }) => [x, y, x + width, y + height]);
  return roiAround(corners, plate, { margin: sites * step, step });
}

export interface PatchOptions {
  readonly plate: { readonly format: SampleFormat; readonly width: number; readonly height: number };
  readonly colour: PlateColour;
  readonly alpha: PatchAlpha;
}

/**
 * The patch that makes the restored frame of the plate: restored = plate · (1 − A) + P, where P is the patch's premultiplied colour. It is
 * computed of this equation (T. Porter and T. Duff, *Compositing Digital Images*, 1984, `over`), so that it holds to a binary16 number's
 * precision, whatever the restorer, the dither and the plate's depth made of the face.
 *
 * A is the matte; where mattes lie over each other 1 − (1 − A₁)(1 − A₂), which is what they leave of the plate. Where it is too thin to
 * carry the difference it is raised until the straight colour P / A is at most as far from the plate as white from black: in pixels outside
 * the matte that share a changed chroma sample, and where a difference was rounded up to a whole code.
 *
 * Colours are `patchCodes`. Samples that are not finite stay as the plate has them.
 *
 * @param before the part of the plate that `plateUnder` says, as it was, and `after` as it is restored
 */
export function patchPicture(
  before: Region,
  after: Region,
  faces: readonly MattedRegion[],
  { plate, colour, alpha: kind }: PatchOptions,
): PatchPicture {
  const window = patchWindow(
    faces.map(({ roi }) => roi),
    plate,
  );
  const part = { ...window, x: window.x - before.roi.x, y: window.y - before.roi.y };
  const [was, is] = [patchCodes(before, part, colour), patchCodes(after, part, colour)];
  // Of grey, all three are one.
  const channels = [...new Map([was.red, was.green, was.blue].map((old, k) => [old, [is.red, is.green, is.blue][k]]))];
  const alpha = carryingAlpha(combinedMatte(window, faces), channels as readonly ChannelPair[]);
  for (const [old, channel] of channels as readonly ChannelPair[]) {
    for (let i = 0; i < alpha.length; i++) {
      const a = alpha[i] as number;
      const premultiplied = (channel[i] as number) - (old[i] as number) * (1 - a);
      const value = kind === 'straight' ? premultiplied / a : premultiplied;
      channel[i] = a > 0 && Number.isFinite(value) ? Math.min(BRIGHTEST_SAMPLE, Math.max(-BRIGHTEST_SAMPLE, value)) : 0;
    }
  }
  return trimmed({ window, red: is.red, green: is.green, blue: is.blue, alpha });
}

/** What of a picture is not transparent; its first pixel where all of it is. */
function trimmed({ window, red, green, blue, alpha }: PatchPicture): PatchPicture {
  const inside = maskBounds(alpha, window.width, window.height) ?? { x: 0, y: 0, width: 1, height: 1 };
  const { x, y } = inside;
  const part = { ...inside, x: window.x + x, y: window.y + y };
  const cut = (channel: Float32Array) => {
    const own = new Float32Array(part.width * part.height);
    for (let row = 0; row < part.height; row++) {
      const from = (y + row) * window.width + x;
      own.set(channel.subarray(from, from + part.width), row * part.width);
    }
    return own;
  };
  return { window: part, red: cut(red), green: cut(green), blue: cut(blue), alpha: cut(alpha) };
}

type ChannelPair = readonly [before: Float32Array, after: Float32Array];

/**
 * Red, green and blue of a part of a region (its own pixels) as patches have them, the plate's own code values: of RGB and grey shares of
 * the largest code, of float samples the samples, of YUV by the reel's matrix and range, 0 black and 1 white, its chroma bilinear at its
 * siting.
 */
export function patchCodes(region: Region, part: Roi, colour: PlateColour): CodeColours {
  const { model } = region.format;
  return regionColours(region, part, model === 'yuv' ? colour : { ...colour, tags: { ...colour.tags, range: 'pc' } });
}

/** 0 … 1 over a window. */
function combinedMatte(window: Roi, faces: readonly MattedRegion[]): Float32Array {
  const whole = new Float32Array(window.width * window.height);
  for (const { roi, matte } of faces) {
    for (let y = 0; y < roi.height; y++) {
      const line = (roi.y - window.y + y) * window.width + roi.x - window.x;
      for (let x = 0; x < roi.width; x++) {
        const own = (matte[y * roi.width + x] as number) / 65535;
        whole[line + x] = 1 - (1 - (whole[line + x] as number)) * (1 - own);
      }
    }
  }
  return whole;
}

/** A matte raised where `patchPicture` says, as binary16 numbers. */
function carryingAlpha(matte: Float32Array, channels: readonly ChannelPair[]): Float32Array {
  const alpha = matte.map((covered, i) => {
    let least = covered;
    let most = 1;
    for (const [before, after] of channels) {
      const [old, now] = [before[i] as number, after[i] as number];
      const share = Math.abs(now - old) / Math.max(1, Math.abs(old), Math.abs(now));
      if (Number.isNaN(share)) {
        // Some of the plate must stay to be seen through: no patch brings back infinity, or what is not a number.
        most = 0.5;
      } else least = Math.max(least, share);
    }
    return Math.min(least, most);
  });
  return floatsOfHalves(halvesOfFloats(alpha));
}
