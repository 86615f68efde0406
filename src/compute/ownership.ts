/** Things that are closed together, the last first: what `DisposableStack` will be. */
export interface Ownership extends Disposable {
  /** Takes a thing over and returns it. */
  own<T extends Disposable>(thing: T): T;
  /** All that is owned, owned by another from now on; to be spread into what is returned. */
  handOver(): Disposable;
}

export function openOwnership(): Ownership {
  let things: Disposable[] = [];
  const closeAll = (owned: Disposable[]) => {
    for (const thing of owned.reverse()) thing[Symbol.dispose]();
  };
  return {
    own(thing) {
      things.push(thing);
      return thing;
    },
    handOver() {
      const owned = things;
      things = [];
      return { [Symbol.dispose]: () => closeAll(owned.splice(0)) };
    },
    [Symbol.dispose]() {
      closeAll(things.splice(0));
    },
  };
}
