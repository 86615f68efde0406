import type { Compute } from '../compute/compute.ts';
import { openCpuCompute } from '../compute/cpu/cpu-compute.ts';
import { cellMeans, type FaceCells, flowingColours, mosaicOf } from '../compute/cpu/hide/face-cells.ts';
import { neutralFace } from '../compute/cpu/hide/neutral-face.ts';
import { addNewGrain } from '../compute/cpu/hide/new-grain.ts';
import type { Image } from '../compute/image.ts';
import { openOwnership } from '../compute/ownership.ts';
import type { Patch } from '../compute/patch.ts';
import { frontalInterOcular, headOutline } from '../face/head-outline.ts';
import { labToRgb } from '../face/lalphabeta.ts';
import { outlineMatte } from '../face/matte.ts';
import { PATCH_INTER_OCULAR } from '../face/patch.ts';
import { headPlacement } from '../face/posed-face.ts';
import { choice, count, group, number } from '../settings/setting.ts';
import type { Restorer } from './restorer.ts';
import { defineRestorer } from './restorer-definition.ts';

const KINDS = ['mesh', 'mosaic', 'blur'] as const;

/** The smallest square that is let pass, inter-ocular distances: see docs/anonymise.md for how alike faces of each size are found to be. */
const LEAST_CELL = 0.4;

export const anonymise = defineRestorer({
  name: 'anonymise',
  summary: 'hides the face steadily in time, every face that is found; needs no stills and no network',
  settings: group({
    kind: choice(
      KINDS,
      'What is laid over the face. "mesh": a face that is nobody’s, in the head’s pose and the skin’s mean colour; it shows least. "mosaic": squares of mean colour that keep to the face. "blur": the same colours flowing into each other, no finer than the squares.',
    ).default('mesh'),
    cell: number(0, 2, '')
      .min(LEAST_CELL, {
        error: `a number from ${LEAST_CELL} to 2 (through smaller squares a face is still recognised, by machines before people)`,
      })
      .describe('Side of the squares of "mosaic" and "blur" over the distance between the eyes.')
      .default(0.6),
    grow: number(
      0,
      0.5,
      'How far beyond jaw, hair line and ears the face is hidden in full, over the distance between the eyes.',
    ).default(0.1),
    matteSoftness: number(
      0.01,
      0.3,
      'Width of the soft edge, which lies beyond what is hidden in full, over the distance between the eyes.',
    ).default(0.08),
    grainRatio: number(
      0,
      2,
      'Strength of grain that is made anew over the plate’s; the plate’s own would bring the edges of the face along. 0 = none.',
    ).default(1),
    margin: count(
      0,
      48,
      'Frames before a face is found and after it is lost in which it is hidden too, where it is thought to have been, a little larger every frame.',
    ).default(8),
    bridge: count(
      0,
      240,
      'Longest absence, frames, over which a face that comes back in about its place is hidden all the while.',
    ).default(48),
  }),
  needs: { stills: 'none', wholeFace: true },
  without: { grain: { grainRatio: 0 } },
  alone: {},
  window: () => 0,
  hides: ({ margin, bridge }) => ({ margin, bridge }),
  open: ({ settings, compute }) => openAnonymise(settings, compute),
  words: { reasons: {} },
});

export interface AnonymiseOptions {
  readonly kind: (typeof KINDS)[number];
  /** Side of the squares, inter-ocular distances. */
  readonly cell: number;
  /** How far the face is hidden in full beyond its outline, and the width of the soft edge beyond that: inter-ocular distances. */
  readonly grow: number;
  readonly matteSoftness: number;
  /** Strength of new grain over the plate's; 0 = none. */
  readonly grainRatio: number;
}

/**
 * Hides a face: whatever its size, its pose and its light, without regard to who it is. It looks at one frame alone, since a mean over
 * frames would gather what each of them shows; steady it is because everything keeps to the smoothed landmarks. What is before the face
 * (`Patch.visibility`) is hidden with it.
 */
export function openAnonymise(options: AnonymiseOptions, compute: Compute = openCpuCompute()): Restorer {
  return {
    name: 'anonymise',
    window: 0,
    async restore({ centre }) {
      using owned = openOwnership();
      const { size, landmarks } = centre;
      const picture = await pictureOf(compute, centre, options);
      if (options.grainRatio > 0) addNewGrain(picture, centre, options.grainRatio);
      const soft = options.matteSoftness * frontalInterOcular(headPlacement(landmarks));
      const outline = headOutline(landmarks, options.grow + options.matteSoftness);
      const rgb = owned.own(compute.image(picture, size, size, 3));
      const matte = owned.own(compute.image(outlineMatte(outline, size, soft), size, size, 1));
      return { rgb, matte, covers: true, facts: { strength: 1, averaged: 1, dirt: 0 }, ...owned.handOver() };
    },
  };
}

/** What is laid over the face, in all of the patch: 3 planes. */
async function pictureOf(compute: Compute, patch: Patch, { kind, cell }: AnonymiseOptions): Promise<Float32Array> {
  const { size } = patch;
  // As many as are no smaller than asked.
  const cells = await faceCells(compute, patch.rgb, Math.max(1, Math.floor(1 / (cell * PATCH_INTER_OCULAR))));
  if (kind === 'mosaic') return mosaicOf(cells, size);
  if (kind === 'blur') return flowingColours(cells, size);
  return neutralFace(patch.landmarks, size, skinOf(patch, cells));
}

/** Side from which a patch is halved before it is read, pixels. */
const READ_SIDE = 128;

/** The means of `count` · `count` squares that share a patch (3 planes) between them. */
async function faceCells(compute: Compute, rgb: Image, count: number): Promise<FaceCells> {
  let small = compute.alias(rgb);
  while (small.width >= READ_SIDE) {
    using larger = small;
    small = compute.halved(larger);
  }
  using last = small;
  return cellMeans(await compute.read(last), last.width, count);
}

/** The skin's mean colour, which the light has smoothed in time; where it shows none, the mean of the patch. */
function skinOf({ light: { colour, exposure } }: Patch, { count, rgb }: FaceCells): readonly number[] {
  const [l = 0, alpha = 0, beta = 0] = colour;
  if (exposure > 0) return labToRgb(l, alpha, beta);
  const area = count * count;
  return [0, 1, 2].map((c) => rgb.subarray(c * area, (c + 1) * area).reduce((sum, v) => sum + v, 0) / area);
}
