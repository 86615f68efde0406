import { smoothstep } from '../src/film/interpolate.ts';
import type { Expression } from './expression.ts';
import type { HeadPose } from './head-pose.ts';
import { noiseAt, seedOf } from './random.ts';

/** What a shot of the sample reel shows. */
export type ShotKind = 'newsreel' | 'static' | 'talking' | 'pan' | 'turn' | 'occlusion' | 'empty';

/** The person in one frame. */
export interface Pose {
  readonly expression: Expression;
  readonly head: HeadPose;
  /** Shift of the whole person, over inter-ocular distance. */
  readonly shift: readonly [number, number];
  /** Lean of the whole person, radians, clockwise. */
  readonly lean: number;
  /** Factor on the person's size. */
  readonly size: number;
}

/** Opening of the inner lips in the portrait, over inter-ocular distance: a smile with teeth. */
export const SMILE = 0.18;

/** Frames a blink takes: two down, one shut, three up (about 250 ms at 24 frames/s; Stern 1984 gives 100–400 ms). */
const BLINK = [0.55, 1, 1, 0.7, 0.35, 0.1];
/** One blink in each stretch of this many frames. */
const BLINK_EVERY = 30;

/** The acting of a shot at its frame `t`, counted from 0. It goes on as long as it is asked. */
export function actingAt(kind: ShotKind, t: number, length: number, seed: number): Pose {
  const sway = (period: number, stream: number) => 2 * noiseAt(t / period, seed, stream) - 1;
  const pose = {
    head: { yaw: 0.03 * sway(17, 1), pitch: 0.02 * sway(23, 2), roll: 0.015 * sway(19, 3) },
    shift: [0.04 * sway(21, 4), 0.03 * sway(27, 5)] as const,
    lean: 0.006 * sway(31, 6),
    size: 1,
  };
  const calm: Expression = { mouth: SMILE, shut: [0, 0], brows: 0, purse: 0, gaze: 0 };
  switch (kind) {
    case 'static':
      return {
        expression: calm,
        head: { yaw: 0.008 * sway(17, 1), pitch: 0.006 * sway(23, 2), roll: 0.004 * sway(19, 3) },
        shift: [0.012 * sway(21, 4), 0.01 * sway(27, 5)],
        lean: 0,
        size: 1,
      };
    case 'newsreel':
    case 'talking':
      return {
        ...pose,
        head: {
          yaw: 0.09 * sway(15, 1),
          pitch: 0.06 * sway(11, 2) + 0.03 * speechAt(t, seed),
          roll: 0.04 * sway(19, 3),
        },
        expression: speakingAt(t, seed),
      };
    case 'pan': {
      const speaking = speakingAt(t, seed);
      return { ...pose, expression: { ...speaking, mouth: 0.06 + 0.5 * speaking.mouth } };
    }
    case 'turn':
      return turning(pose, t, length, seed);
    case 'occlusion':
      return {
        ...pose,
        expression: { ...calm, mouth: SMILE * (0.85 + 0.3 * noiseAt(t / 9, seed, 7)), shut: blinkAt(t, seed) },
      };
    case 'empty':
      return { ...pose, expression: calm };
  }
}

/** Left, then over to the right within a third of a second, and back: yaw, nod, lean and a step together. */
function turning(pose: Omit<Pose, 'expression'>, t: number, length: number, seed: number): Pose {
  const cycle = Math.min(length, 48);
  const at = (t % cycle) / cycle;
  const swing = smoothstep(0.12, 0.5, at) - smoothstep(0.62, 0.95, at);
  return {
    head: {
      yaw: pose.head.yaw - 0.3 + 0.66 * swing,
      pitch: pose.head.pitch + 0.12 * Math.sin(Math.PI * swing),
      roll: pose.head.roll + 0.14 - 0.28 * swing,
    },
    shift: [pose.shift[0] - 0.45 + 0.9 * swing, pose.shift[1] + 0.12 * Math.sin(Math.PI * swing)],
    lean: pose.lean + 0.1 - 0.2 * swing,
    size: 1,
    expression: {
      mouth: SMILE * (1 - 0.7 * Math.sin(Math.PI * swing)),
      shut: blinkAt(t, seed),
      brows: 0.02 * swing,
      purse: 0,
      gaze: 0.04 * (swing - 0.5),
    },
  };
}

/** Speech: syllables of two to four frames, phrases with pauses between them, brows that stress, irises that wander. */
function speakingAt(t: number, seed: number): Expression {
  const mouth = speechAt(t, seed);
  return {
    mouth,
    shut: blinkAt(t, seed),
    brows: 0.09 * smoothstep(0.45, 0.9, noiseAt(t / 9, seed, 12)) - 0.015,
    purse: 0.28 * smoothstep(0.5, 0.95, noiseAt(t / 4.5, seed, 13)) * (1 - smoothstep(0.2, 0.35, mouth)),
    gaze: 0.045 * (2 * stepsAt(t / 14, seed, 14) - 1),
  };
}

/** Opening of the mouth while speaking, over inter-ocular distance, 0 … about 0.37. */
function speechAt(t: number, seed: number): number {
  const phrase = smoothstep(0.16, 0.3, noiseAt(t / 13, seed, 10));
  const syllable = noiseAt(t / 2.6, seed, 11);
  return 0.02 + phrase * (0.03 + 0.32 * smoothstep(0.15, 0.95, syllable));
}

/** A value that stays and jumps, as the eyes do. */
function stepsAt(t: number, seed: number, stream: number): number {
  const k = Math.floor(t);
  const a = seedOf(seed, stream, k - 1) / 4294967296;
  const b = seedOf(seed, stream, k) / 4294967296;
  return a + (b - a) * smoothstep(0, 0.12, t - k);
}

/** How far both lids are shut; the eyes blink together, the second a little less. */
function blinkAt(t: number, seed: number): readonly [number, number] {
  const stretch = Math.floor(t / BLINK_EVERY);
  const start = stretch * BLINK_EVERY + 6 + (seedOf(seed, 9, stretch) % (BLINK_EVERY - 13));
  const shut = BLINK[Math.floor(t) - start] ?? 0;
  return [shut, 0.97 * shut];
}
