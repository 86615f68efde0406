import { type Random, randomOf } from '../../samples/random.ts';
import { longestFirst } from '../../src/farm/queue/give-out.ts';
import { contains, type FrameRange, lengthOf } from '../../src/film/range.ts';
import { type Shot, type Take, takesOf } from '../../src/film/shot.ts';
import { CUT_CONTEXT } from '../../src/motion/cuts.ts';
import type { Stage } from './scale-model.ts';
import type { Step } from './scale-workers.ts';

/** A drawn film: what of it decides how long its steps take. */
export interface FilmPlan {
  readonly frames: number;
  /** Of a shot's length, frames; lengths are lognormal. */
  readonly medianShot: number;
  /** Standard deviation of the length's logarithm. */
  readonly spread: number;
  /** Share of the shots in which a face is restored. */
  readonly faceShare: number;
  readonly seed: number;
}

/** How a film is cut into steps. */
export interface Cut {
  /** Frames of a tracking span. */
  readonly span: number;
  /** Most frames of a take. */
  readonly take: number;
  /** As the farm hands takes out: those with a face by their length, then the others; false: in the reel's order. */
  readonly longestFirst: boolean;
  /** True: conforming reads the movie that it has joined again, to verify and hash it. */
  readonly rereads: boolean;
  /** True: the storage copies untouched files by itself, and a worker only reads them, for their hash. */
  readonly clones: boolean;
}

/** What one worker takes for a frame, seconds, and what a frame weighs. */
export interface FrameCosts {
  readonly track: number;
  /** By the side of the face's patch, pixels: reading, restoring, comping and writing. */
  face(patch: number): number;
  readonly copy: number;
  /** Per frame with a face. */
  readonly cast: number;
  /** Conforming a frame: giving it its name, or its place in the movie. */
  readonly join: number;
  /** Conforming a frame: reading it again. */
  readonly reread: number;
  /** Bytes of a frame of the reel, and of one that is written. */
  readonly read: number;
  readonly written: number;
  /** Bytes that conforming moves a frame, without and with reading again. */
  readonly joinedBytes: number;
  readonly rereadBytes: number;
}

/** Sides of the patches that faces are restored in, and how many of the shots have such. */
const FRAMINGS = [
  { patch: 256, share: 0.4 },
  { patch: 512, share: 0.4 },
  { patch: 1024, share: 0.2 },
] as const;
/** Frames that a take reads beside its own on each side: a window's neighbours, within its shot. */
const NEIGHBOURS = 5;
/** Frames that a tracker begins before its span, as those of one machine do. */
const BEFORE = 4 * CUT_CONTEXT;

interface FilmShot extends Shot {
  /** Side of the face's patch, pixels; null = nobody is restored. */
  readonly patch: number | null;
}

export function drawShots({ frames, medianShot, spread, faceShare, seed }: FilmPlan): FilmShot[] {
  const random = randomOf(seed);
  const shots: FilmShot[] = [];
  for (let from = 0; from < frames; ) {
    const drawn = Math.max(1, Math.round(medianShot * Math.exp(spread * random.normal())));
    const out = Math.min(frames, from + drawn);
    // Drawn for every shot, so that another share leaves all else as it is.
    const patch = framingOf(random);
    shots.push({ index: shots.length, in: from, out, patch: random.next() < faceShare ? patch : null });
    from = out;
  }
  return shots;
}

function framingOf(random: Random): number {
  let left = random.next();
  for (const { patch, share } of FRAMINGS) {
    left -= share;
    if (left < 0) return patch;
  }
  throw new Error('Unreachable: the shares make one.');
}

/** The steps of a film, stage by stage, as the farm cuts them. */
export function stagesOf(plan: FilmPlan, cut: Cut, costs: FrameCosts): Stage[] {
  const shots = drawShots(plan);
  const inOrder = takesOf(shots, cut.take, ({ in: from }) =>
    shots.some((shot) => shot.patch !== null && contains(shot, from)),
  );
  const listed = inOrder.map((take) => ({ ...take, content: '' }));
  const handedOut = cut.longestFirst ? longestFirst(listed).map((k) => inOrder[k] as Take) : inOrder;
  const takes = handedOut.map((take) => takeStep(take, shots, cut, costs));
  const faces = shots.reduce((sum, shot) => sum + (shot.patch === null ? 0 : lengthOf(shot)), 0);
  const { rereads } = cut;
  return [
    { name: 'track', steps: spansOf(shots, plan.frames, cut.span).map((read) => trackStep(read, costs)) },
    { name: 'cast', steps: [{ seconds: Math.max(costs.cast * faces, 1e-3), bytes: 0 }] },
    { name: 'take', steps: takes },
    {
      name: 'conform',
      steps: [
        {
          seconds: plan.frames * (costs.join + (rereads ? costs.reread : 0)),
          bytes: plan.frames * (costs.joinedBytes + (rereads ? costs.rereadBytes : 0)),
        },
      ],
    },
  ];
}

/** Frames that the tracker of each span reads: from before the span to behind the last shot that begins in it. */
export function spansOf(shots: readonly Shot[], frames: number, span: number): FrameRange[] {
  return Array.from({ length: Math.ceil(frames / span) }, (_, k) => {
    const own = { in: k * span, out: Math.min(frames, (k + 1) * span) };
    const ends = shots.filter((shot) => contains(own, shot.in)).map(({ out }) => out);
    return {
      in: Math.max(0, own.in - BEFORE),
      out: Math.min(frames, Math.max(own.out, ...ends) + CUT_CONTEXT),
    };
  });
}

function trackStep(read: FrameRange, { track, read: bytes }: FrameCosts): Step {
  return { seconds: lengthOf(read) * track, bytes: lengthOf(read) * bytes };
}

function takeStep(
  take: FrameRange & { readonly shot: number },
  shots: readonly FilmShot[],
  { clones }: Cut,
  { face, copy, read, written }: FrameCosts,
): Step {
  const shot = shots[take.shot] as FilmShot;
  const frames = lengthOf(take);
  if (shot.patch === null) return { seconds: frames * copy, bytes: frames * (clones ? read : read + written) };
  const beside = Math.min(NEIGHBOURS, take.in - shot.in) + Math.min(NEIGHBOURS, shot.out - take.out);
  return { seconds: frames * face(shot.patch), bytes: (frames + beside) * read + frames * written };
}
