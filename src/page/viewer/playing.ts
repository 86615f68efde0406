import { effect } from '@preact/signals';
import { LRUCache } from 'lru-cache';
import type { ReelReview } from '../../review/api.ts';
import { askBytes, playbackAddress } from '../ask.ts';
import { frame, goTo, review } from '../state.ts';
import { playedKindsOf } from './kinds.ts';
import { playbackFrames } from './playback-frames.ts';
import { nextBlock } from './playback-plan.ts';
import { dueFrame, measuredRate, type Run, type Speed } from './shuttle.ts';
import { layoutNow, loops, placement, shown, shownRate, speed, worked } from './view-state.ts';

/** Frames that are kept ready at once the rate, those of a request, and those that are there before the clock starts. */
const AHEAD = 48;
const BLOCK = 8;
const READY = 8;
/** Requests under way at once, each of all pictures of its frames. */
const REQUESTS = 2;
/** Bytes of JPEGs that are kept: a loop is asked for once. */
const KEPT = 96 * 2 ** 20;
/** Frames that are decoded before they are due, and that are kept decoded. */
const DECODED_AHEAD = 4;
const DECODED = 12;
/** The last frames are counted to tell the rate, ms, and it is told so often, ms. */
const MEASURED = 1500;
const TOLD = 250;
/** Before a server that refused is asked again, ms. */
const PAUSE = 400;

/** JPEGs of a frame, one a kind; null for a frame that there is not. */
type Played = readonly Uint8Array<ArrayBuffer>[] | null;

/** Plays while the speed is not 0, until what it returns is called. */
export function keepPlaying(): () => void {
  const kept = new LRUCache<string, { readonly jpegs: Played }>({
    maxSize: KEPT,
    sizeCalculation: ({ jpegs }) => 64 + (jpegs ?? []).reduce((sum, { length }) => sum + length, 0),
  });
  return effect(() => {
    const reel = review.value;
    const layout = layoutNow.value;
    const range = loops.value ? worked.value : (reel ?? { in: 0, out: 1 });
    if (!reel || speed.value === 0) return;
    const at = frame.peek();
    const isInside = at >= range.in && at < range.out - (speed.value > 0 && !loops.value ? 1 : 0);
    const run: Run = {
      from: isInside ? at : speed.value > 0 ? range.in : range.out - 1,
      rate: reel.rate.num / reel.rate.den,
      speed: speed.value,
      range,
      loops: loops.value,
    };
    const kinds = playedKindsOf(layout);
    const width = playedWidth(reel, placement.peek().scaleX);
    return play(reel, {
      run,
      kinds,
      width,
      kept,
      onShown: (due, pictures) => {
        // The output stands for what is not played.
        const played = layout === 'difference' || layout === 'matte' ? 'output' : layout;
        shown.value = { frame: due, layout: played, pictures, isPlayed: true };
        goTo(due);
      },
    });
  });
}

/** As wide as the picture is seen, in steps, so that a small change of the window asks for nothing new. */
function playedWidth({ width }: ReelReview, scale: number): number {
  return Math.min(1920, Math.max(320, Math.ceil((width * Math.min(1, scale)) / 320) * 320));
}

interface Playing {
  readonly run: Run;
  readonly kinds: readonly ('plate' | 'output')[];
  readonly width: number;
  readonly kept: LRUCache<string, { readonly jpegs: Played }>;
  readonly onShown: (frame: number, pictures: readonly ImageBitmap[]) => void;
}

function play(reel: ReelReview, { run, kinds, width, kept, onShown }: Playing): () => void {
  const ending = new AbortController();
  const coming = new Set<number>();
  const decoded = new LRUCache<number, readonly ImageBitmap[]>({
    max: DECODED,
    dispose: (pictures) => {
      for (const picture of pictures) picture.close();
    },
  });
  const decoding = new Set<number>();
  const keyOf = (at: number) => `${reel.id} ${reel.version} ${kinds} ${width} ${at}`;
  let since: number | null = null;
  let requests = 0;
  let restUntil = 0;
  /** How long an answer takes, s. */
  let latency = 0.5;
  const times: number[] = [];
  let toldAt = 0;
  let last = -1;
  let timer = 0;

  const ask = async (from: number, count: number): Promise<void> => {
    const frames = Array.from({ length: count }, (_, k) => from + k);
    for (const at of frames) coming.add(at);
    requests += 1;
    const begun = performance.now();
    try {
      const answers = await Promise.all(
        kinds.map(async (kind) => {
          const query = { v: reel.version, from, count, width };
          const answer = await askBytes(playbackAddress(reel.id, kind, query), ending.signal);
          const played = playbackFrames(new Uint8Array(await answer.arrayBuffer()));
          return new Map(played.map(({ frame: at, jpeg }) => [at, jpeg]));
        }),
      );
      for (const at of frames) {
        const jpegs = answers.flatMap((answer) => answer.get(at) ?? []);
        kept.set(keyOf(at), { jpegs: jpegs.length === kinds.length ? jpegs : null });
      }
      latency += ((performance.now() - begun) / 1000 - latency) / 3;
    } catch {
      restUntil = performance.now() + PAUSE;
    } finally {
      requests -= 1;
      for (const at of frames) coming.delete(at);
    }
  };
  const decode = async (at: number): Promise<void> => {
    const jpegs = kept.get(keyOf(at))?.jpegs;
    if (!jpegs || decoded.has(at) || decoding.has(at)) return;
    decoding.add(at);
    try {
      const pictures = await Promise.all(
        jpegs.map((jpeg) => createImageBitmap(new Blob([jpeg], { type: 'image/jpeg' }))),
      );
      if (ending.signal.aborted) for (const picture of pictures) picture.close();
      else decoded.set(at, pictures);
    } finally {
      decoding.delete(at);
    }
  };

  const tick = (now: number): void => {
    timer = requestAnimationFrame(tick);
    const ms = since === null ? 0 : now - since;
    const { frame: due, hasEnded } = dueFrame(run, ms);
    const has = (at: number) => kept.has(keyOf(at)) || coming.has(at);
    while (requests < REQUESTS && now > restUntil) {
      const head = { due, speed: run.speed, range: run.range, loops: run.loops, has };
      const block = nextBlock(
        { ...head, lead: since === null ? 0 : latency * run.rate },
        { ahead: AHEAD * Math.abs(run.speed), block: BLOCK },
      );
      if (!block) break;
      void ask(block.from, block.count);
    }
    for (let k = 0; k < DECODED_AHEAD; k++) void decode(dueFrame(run, ms + (k * 1000) / run.rate).frame);
    if (since === null) {
      const isReady = Array.from({ length: READY }, (_, k) => dueFrame(run, (k * 1000) / run.rate).frame).every((at) =>
        kept.has(keyOf(at)),
      );
      if (isReady) since = now;
    }
    const pictures = decoded.get(due);
    if (pictures && due !== last) {
      last = due;
      times.push(now);
      onShown(due, pictures);
    }
    if (now - toldAt > TOLD) {
      toldAt = now;
      while (times.length > 2 && now - (times[0] as number) > MEASURED) times.shift();
      shownRate.value = measuredRate(times, now);
    }
    if (hasEnded) {
      goTo(due);
      speed.value = 0 satisfies Speed;
    }
  };
  timer = requestAnimationFrame(tick);
  return () => {
    cancelAnimationFrame(timer);
    ending.abort();
    shownRate.value = null;
    // The last ones may be drawn until the exact ones are there.
    setTimeout(() => decoded.clear(), 10_000);
  };
}
