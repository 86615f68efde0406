import { effect, untracked } from '@preact/signals';
import { LRUCache } from 'lru-cache';
import type { ReelReview } from '../../review/api.ts';
import { askBytes, pictureAddress, Refused } from '../ask.ts';
import { damageOf } from '../frame-words.ts';
import { frame, gain, type Layout, review } from '../state.ts';
import { kindsOf } from './kinds.ts';
import { pictureQueue } from './picture-queue.ts';
import { aheadWithin, framesAhead, strideOf } from './read-ahead.ts';
import { layoutNow, pictureFault, shown, speed } from './view-state.ts';

/** Bytes of decoded pictures that are kept, and at least so many pictures, however large they are. */
const KEPT = 384 * 2 ** 20;
const FEWEST = 8;
/** Pictures that are asked for at once: two are looked at, and two come next. */
const PLACES = 4;
/** Before a server that has too much to do is asked again, ms. */
const PAUSE = 250;
/** A frame that was asked for is waited for at most so long before another one is, ms: scrubbing asks for what can be shown. */
const PATIENCE = 400;

/** Shows the exact pictures of the frame that is looked at while the reel stands, until what it returns is called. */
export function showFrames(): () => void {
  return effect(() => {
    const reel = review.value;
    if (!reel) return;
    return showReel(reel);
  });
}

function showReel(reel: ReelReview): () => void {
  const bytes = 4 * reel.width * reel.height;
  const room = Math.max(KEPT, FEWEST * bytes);
  const kept = new LRUCache<string, ImageBitmap>({
    maxSize: room,
    sizeCalculation: ({ width, height }) => 4 * width * height,
    dispose: (picture) => picture.close(),
  });
  const failed = new Map<string, string>();
  let before = frame.peek();
  let stride = 1;
  /** What is looked at of that which was asked for last, when it was, and what is asked for when it is there. */
  let awaited: readonly string[] = [];
  let askedAt = 0;
  let next: readonly string[] | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const addressesOf = (at: number, layout: Layout, times: number): readonly string[] =>
    kindsOf(layout).map((kind) =>
      pictureAddress(reel.id, at, kind, { v: reel.version, ...(kind === 'difference' ? { gain: times } : {}) }),
    );
  const show = (): void => {
    if (speed.peek() !== 0) return;
    const [at, layout] = [frame.peek(), layoutNow.peek()];
    const addresses = addressesOf(at, layout, gain.peek());
    const fault =
      damageOf(reel, at) ?? addresses.map((one) => failed.get(one)).find((one) => one !== undefined) ?? null;
    pictureFault.value = fault;
    const pictures = addresses.flatMap((one) => kept.get(one) ?? []);
    if (pictures.length === addresses.length) shown.value = { frame: at, layout, pictures, isPlayed: false };
    else if (fault !== null) shown.value = null;
  };
  const queue = pictureQueue<ImageBitmap>({
    places: PLACES,
    pause: PAUSE,
    load: async (address, signal) => {
      const file = await askBytes(address, signal);
      return createImageBitmap(file, { premultiplyAlpha: 'none', colorSpaceConversion: 'none' });
    },
    has: (address) => kept.has(address) || failed.has(address),
    onLoaded: (address, picture) => {
      kept.set(address, picture);
      untracked(show);
      if (next && isSettled()) ask(next);
    },
    onFailed: (address, error) => {
      if (!(error instanceof Refused) || error.status === 429 || error.status === 503) return 'again';
      failed.set(address, error.message);
      untracked(show);
      return 'never';
    },
  });

  const isSettled = () => awaited.every((address) => kept.has(address) || failed.has(address));
  const ask = (addresses: readonly string[]): void => {
    clearTimeout(timer);
    next = null;
    awaited = addresses.slice(0, kindsOf(layoutNow.peek()).length);
    askedAt = performance.now();
    queue.want(addresses);
  };
  /** Asks at once, or where the frame before is still coming, when it is there. */
  const askInTurn = (addresses: readonly string[]): void => {
    const left = PATIENCE - (performance.now() - askedAt);
    clearTimeout(timer);
    if (isSettled() || left <= 0) ask(addresses);
    else {
      next = addresses;
      timer = setTimeout(ask, left, addresses);
    }
  };

  const end = effect(() => {
    const at = frame.value;
    const layout = layoutNow.value;
    const times = gain.value;
    if (speed.value !== 0) return ask([]);
    if (at !== before) stride = strideOf(before, at);
    before = at;
    const count = aheadWithin(room, { picture: bytes, kinds: kindsOf(layout).length });
    const frames = framesAhead(at, { stride, count, range: reel }).filter((one) => damageOf(reel, one) === null);
    const [first, ...others] = frames.map((one) => addressesOf(one, layout, times));
    // Whoever looks at one side turns to the other.
    const both = frames[0] === at ? addressesOf(at, 'side', times) : [];
    askInTurn([...(first ?? []), ...others.flat(), ...both]);
    untracked(show);
  });
  return () => {
    end();
    clearTimeout(timer);
    queue[Symbol.dispose]();
    untracked(() => {
      shown.value = null;
    });
    kept.clear();
  };
}
