import type { Compute } from '../compute/compute.ts';
import { openCpuCompute } from '../compute/cpu/cpu-compute.ts';
import { openOwnership } from '../compute/ownership.ts';
import { eyeOpenings } from '../face/landmarks.ts';
import { angleBetween, poseOf } from '../face/pose.ts';
import { count, group, number } from '../settings/setting.ts';
import { eligibleRepair, finished, type RepairedFace, type RepairOptions, repair } from './repair.ts';
import type { PatchWindow, Restoration, Restorer } from './restorer.ts';
import { defineRestorer } from './restorer-definition.ts';
import { type DetailTransfer, detailTransfer } from './stills/detail-transfer.ts';
import { type ReferenceStill, referenceStill } from './stills/reference-still.ts';
import type { StillPatch } from './stills/still-patch.ts';
import { openWindowTools } from './window/window-tools.ts';

export const detail = defineRestorer({
  name: 'detail',
  summary: 'repairs the face, then adds the detail that its blur took from stills; without any it is repair',
  settings: group({
    strength: number(
      0,
      1.5,
      'How much of the detail that the plate’s blur took is added from the stills; 1 = all of it.',
    ).default(1),
    stills: count(
      1,
      32,
      'Stills that are looked at in every frame, those nearest in pose and lids. Each costs about as much as two neighbours.',
    ).default(8),
  }),
  base: repair,
  fallback: repair,
  needs: { stills: 'used' },
  alone: { window: 0 },
  window: ({ window }) => window,
  open: ({ settings, stills, compute }) => openDetail(stills, settings, compute),
  words: {
    reasons: {
      ...repair.words.reasons,
      stills: {
        brief: 'stills agree with little',
        inPart:
          'the stills agree with less than half as much of it as elsewhere (a closed eye, a hand before it, another light); the rest was repaired without their detail',
      },
    },
    gate: 'of the detail that the stills offer agrees with the film; elsewhere the face is the repaired plate. Stills nearer to the shot in pose, expression and light would give more.',
  },
});

export interface DetailOptions extends RepairOptions {
  /** How much of the lost detail is added, 1 = all of it. */
  readonly strength: number;
  /** Stills that are looked at in each frame, those nearest in pose and lids. */
  readonly stills: number;
}

/** Stills whose heads are turned further from the frame's than this, radians, show another side of the face. */
const FARTHEST_POSE = 0.7;
/** What lids count beside that, radians an inter-ocular distance of their opening: an open eye beside a shut one as much as a third of a radian. */
const LIDS = 4;
/** Share of the neighbours that agree with a frame, below which it is another picture (a dissolve: 0.15), and from which it is not (a hand over half the face: 0.45). */
const CHANGING = 0.15;
const STEADY = 0.4;
/** How much detail may darken or brighten a pixel, as a factor. */
const MOST = 2;

/**
 * Repairs a face, then adds the detail that the plate's blur took, from the actor's stills. Where no still agrees with the frame
 * (a blink, the inside of a mouth, a hand before the face) it is the repaired plate.
 */
export function openDetail(
  stills: readonly StillPatch[],
  options: DetailOptions,
  compute: Compute = openCpuCompute(),
): Restorer & Disposable {
  const tools = openWindowTools(compute);
  const bySize = new Map<number, readonly ReferenceStill[]>();
  const stillsAt = (size: number) => {
    const known = bySize.get(size) ?? stills.map((still) => referenceStill(compute, still, size));
    bySize.set(size, known);
    return known;
  };
  return {
    name: 'detail',
    window: options.window,
    async restore(window) {
      const answer = await eligibleRepair(window, tools);
      if ('refused' in answer) return answer;
      using face = answer;
      const { size } = window.centre;
      const chosen = nearestStills(stillsAt(size), window, options.stills);
      if (chosen.length === 0) {
        const { facts, ...restored } = finished(compute, face, face.rgb, options);
        return { ...restored, ...(facts ? { facts: { ...facts, gate: 0 } } : {}) };
      }
      using transfer = await detailTransfer(compute, face, chosen);
      const { found } = transfer;
      const { fade = 1 } = window.centre;
      const strength = fade * sameness(face) * transfer.strength * options.strength;
      using detailed = found && compute.withDetail(face.rgb, found.detail, { strength, most: MOST });
      return withGate(compute, finished(compute, face, detailed ?? face.rgb, options), transfer);
    },
    forget: (before) => tools.patches.forget(before),
    [Symbol.dispose]() {
      for (const still of [...bySize.values()].flat()) still[Symbol.dispose]();
      bySize.clear();
      tools[Symbol.dispose]();
    },
  };
}

/** A restoration that tells how far its stills were believed. It is the new one's from now on. */
function withGate(compute: Compute, restored: Restoration, { found, blur }: DetailTransfer): Restoration {
  using owned = openOwnership();
  const { rgb, facts, layers } = owned.own(restored);
  const { width, height } = rgb;
  const gate = owned.own(
    found ? compute.alias(found.gate) : compute.image(new Float32Array(width * height), width, height, 1),
  );
  const accepted = found?.accepted ?? null;
  const told = facts && { ...facts, ...(accepted === null ? {} : { gate: accepted }), blur };
  return {
    ...restored,
    ...(told ? { facts: told } : {}),
    layers: { ...layers, gate },
    ...owned.handOver(),
  };
}

/**
 * How far a frame is like its neighbours, 0 … 1: in the middle of a dissolve or under a smear, detail would stand out from what it
 * is put on.
 */
function sameness({ stillness, averaged, aligned }: RepairedFace): number {
  if (aligned.offered === 0) return stillness;
  const share = (averaged - 1) / aligned.offered;
  const t = Math.min(1, Math.max(0, (share - CHANGING) / (STEADY - CHANGING)));
  return stillness * t * t * (3 - 2 * t);
}

/**
 * Up to `count` stills of heads turned like the frame's, with lids as far open. The turn is the window's mean, so that stills do not come and
 * go with the landmarks' unrest; lids are the frame's own, for a blink is quick.
 */
function nearestStills(
  stills: readonly ReferenceStill[],
  { centre, before, after }: PatchWindow,
  count: number,
): ReferenceStill[] {
  const poses = [centre, ...before, ...after].map(({ landmarks }) => poseOf(landmarks));
  const lids = eyeOpenings(centre.landmarks);
  return stills
    .map((still) => {
      const own = poseOf(still.landmarks);
      const angle = poses.reduce((sum, pose) => sum + angleBetween(own, pose), 0) / poses.length;
      const apart = eyeOpenings(still.landmarks).reduce(
        (sum, opening, k) => sum + Math.abs(opening - (lids[k] as number)) / 2,
        0,
      );
      return { still, angle, distance: angle + LIDS * apart };
    })
    .filter(({ angle }) => angle < FARTHEST_POSE)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ still }) => still);
}
