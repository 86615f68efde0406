import type { FaceRenderer } from './face-rendering.ts';

/**
 * A renderer that takes several calls at a time. What looks at patches (`comp`, `keyframe`, `still`, `picture`) is begun when all that
 * was told before it has been done, and up to `atOnce` of these run together; what is told (`addStill`, `begin`, `lift`, `share`,
 * `adopt`) is done in order, whatever is being looked at. `forget`, `begin` and `end` wait for whatever was asked before them, so that
 * nothing is closed that is being looked at; what is asked after a `forget` must need nothing of the frames that it names.
 */
export function sideBySide(renderer: FaceRenderer, atOnce: number): FaceRenderer {
  /** All that was told so far is done. */
  let told: Promise<unknown> = Promise.resolve();
  /** Looks, and what forgets, that have not ended. */
  const open = new Set<Promise<unknown>>();
  const enter = turnstile(atOnce);

  const tell = <T>(call: () => Promise<T>, after: readonly Promise<unknown>[] = []): Promise<T> => {
    const done = Promise.allSettled([told, ...after]).then(call);
    told = done.catch(() => {});
    return done;
  };
  const track = <T>(call: Promise<T>): Promise<T> => {
    const ended = call.then(
      () => {},
      () => {},
    );
    open.add(ended);
    void ended.then(() => open.delete(ended));
    return call;
  };
  const look = <T>(call: () => Promise<T>): Promise<T> => track(told.then(() => enter(call)));

  return {
    addStill: (still) => tell(() => renderer.addStill(still)),
    begin: (track) => tell(() => renderer.begin(track), [...open]),
    lift: (face) => tell(() => renderer.lift(face)),
    share: (face) => tell(() => renderer.share(face)),
    adopt: (face) => tell(() => renderer.adopt(face)),
    adoptMask: (face) => tell(() => renderer.adoptMask(face)),
    end: (of) => tell(() => renderer.end(of), [...open]),
    keyframe: (face) => look(() => renderer.keyframe(face)),
    mask: (face) => look(() => renderer.mask(face)),
    comp: (face) => look(() => renderer.comp(face)),
    still: (face) => look(() => renderer.still(face)),
    picture: (of) => look(() => renderer.picture(of)),
    forget: (until) => track(Promise.allSettled([told, ...open]).then(() => renderer.forget(until))),
  };
}

/** Lets up to `most` run at a time, the others in the order in which they came. */
function turnstile(most: number): <T>(run: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (run) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await run();
    } finally {
      // Whoever is let in takes this one's place.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
