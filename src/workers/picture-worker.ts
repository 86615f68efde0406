import { writeDurably } from '../disk/durable.ts';
import { sha256Of } from '../disk/sha256.ts';
import type { Plate } from '../film/plate.ts';
import { plateColourOf } from '../film/plate-colour.ts';
import { findFfmpeg } from '../media/ffmpeg/ffmpeg.ts';
import { plateProxy } from '../media/read/pictures/plate-proxy.ts';
import { pictureFile, type ReadPicture, readPicture } from '../media/read/pictures/read-picture.ts';
import { DamagedStill } from '../media/still/damaged-still.ts';
import { stillChange } from '../media/write/changed-still.ts';
import type { OpenedPicture, PictureService } from './picture-service.ts';
import { moved, serve } from './rpc.ts';

let last: ReadPicture | undefined;

const service: PictureService = {
  async open({ path, ffmpeg, ...options }): Promise<OpenedPicture> {
    last = undefined;
    let known: Pick<OpenedPicture, 'sha256' | 'bytes'> = { sha256: null, bytes: 0 };
    try {
      const file = await pictureFile(path);
      known = { sha256: sha256Of(file), bytes: file.length };
      const tools = { ffmpeg: () => findFfmpeg({ path: ffmpeg }), signal: new AbortController().signal };
      last = await readPicture(path, file, options, tools);
      const { obstacle, note } = last.still.info;
      return { ...known, reel: last.reel, obstacle, note };
    } catch (cause) {
      // Whatever a damaged file does to its reader, the others are read.
      const { message } = cause as Error;
      return {
        ...known,
        damage: cause instanceof DamagedStill ? message : `cannot be read: ${message.replace(/\.$/, '')}`,
      };
    }
  },

  async proxy(size) {
    const { reel, plate } = opened();
    const rgb = plateProxy(plate, plateColourOf(reel), size);
    return moved(rgb as Uint8Array<ArrayBuffer>, [rgb.buffer]);
  },

  async plate() {
    const { bytes } = opened().plate;
    // Pictures out of a pool of Node's are a part of its memory.
    const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
    return moved(own as Uint8Array<ArrayBuffer>, [own.buffer]);
  },

  async write({ bytes, changed, to }) {
    const { reel, still, plate } = opened();
    const upright: Plate = { ...plate, bytes };
    const change = stillChange(reel, upright, changed);
    const file = await still.splice(change.plate, change.rows).catch((cause: unknown) => {
      throw cause instanceof DamagedStill
        ? cause
        : new DamagedStill(`cannot be changed: ${(cause as Error).message.replace(/\.$/, '')}`, { cause });
    });
    await writeDurably(to, file);
    return { sha256: sha256Of(file), bytes: file.length };
  },
};

function opened(): ReadPicture {
  if (!last) throw new Error('Unreachable: a picture is asked for after "open".');
  return last;
}

serve(service);
