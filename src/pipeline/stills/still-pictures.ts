import { readFile } from 'node:fs/promises';
import { LRUCache } from 'lru-cache';
import { sha256Of } from '../../disk/sha256.ts';
import { readStill, type StillPicture, stillFiles } from './read-still.ts';

/** A still's file. */
export interface StillFile {
  readonly path: string;
  /** SHA-256 of its bytes, lower-case hex. */
  readonly sha256: string;
}

/** Pictures of stills by what is in their files. The last ones used stay in memory. */
export interface StillPictures extends Disposable {
  /**
   * Makes image files, and those of folders, known by their hashes.
   *
   * @throws StillError for a path that leads to no still.
   */
  add(paths: readonly string[]): Promise<StillFile[]>;
  /** @throws StillError for a file that is no picture, or is not there any more. */
  picture(sha256: string): Promise<StillPicture>;
}

/** Memory that decoded stills may take. */
const PICTURE_BYTES = 512 * 2 ** 20;

export function openStillPictures(): StillPictures {
  const paths = new Map<string, string>();
  const pictures = new LRUCache<string, StillPicture>({
    maxSize: PICTURE_BYTES,
    sizeCalculation: (picture) => picture.rgb.byteLength + picture.deep.byteLength,
  });
  return {
    async add(asked) {
      const files: StillFile[] = [];
      for (const path of await stillFiles(asked)) {
        const sha256 = sha256Of(await readFile(path));
        paths.set(sha256, path);
        files.push({ path, sha256 });
      }
      return files;
    },
    async picture(sha256) {
      const known = pictures.get(sha256);
      if (known) return known;
      const path = paths.get(sha256);
      if (path === undefined) throw new Error('Unreachable: a still is asked for after its file was added.');
      const picture = await readStill(path);
      pictures.set(sha256, picture);
      return picture;
    },
    [Symbol.dispose]() {
      pictures.clear();
    },
  };
}
