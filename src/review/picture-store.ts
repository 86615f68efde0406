import { LRUCache } from 'lru-cache';

/** Pictures of all reels of a review, of which those that were not asked for longest make room for others. */
export interface PictureStore {
  /** A part of it, whose names are its own. */
  part(): StoredPictures;
}

export interface StoredPictures extends Disposable {
  get(name: string): Uint8Array | undefined;
  has(name: string): boolean;
  set(name: string, bytes: Uint8Array): void;
}

/** @param bytes that may be kept */
export function pictureStore(bytes: number): PictureStore {
  const kept = new LRUCache<string, Uint8Array>({ maxSize: bytes, sizeCalculation: (picture) => picture.length });
  let parts = 0;
  return {
    part() {
      parts += 1;
      const prefix = `${parts} `;
      let isClosed = false;
      return {
        get: (name) => kept.get(prefix + name),
        has: (name) => kept.has(prefix + name),
        set: (name, picture) => {
          // What comes late would be found by nobody.
          if (!isClosed) kept.set(prefix + name, picture);
        },
        [Symbol.dispose]() {
          isClosed = true;
          for (const key of [...kept.keys()]) if (key.startsWith(prefix)) kept.delete(key);
        },
      };
    },
  };
}
