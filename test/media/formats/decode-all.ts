import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plate } from '../../../src/film/plate.ts';
import type { StillKind } from '../../../src/film/reel.ts';
import { pictureBytes, sampleFormat } from '../../../src/film/sample-format.ts';
import { stillDemuxer, unpackStill } from '../../../src/media/still/still.ts';
import { layOut } from '../still/footage.ts';

interface StillFile {
  readonly kind: StillKind;
  readonly bytes: Buffer;
  /** ffmpeg's name, as the header's reader says. */
  readonly pixelFormat: string;
  readonly width: number;
  readonly height: number;
  /** True where ffmpeg does not read it, or not rightly, and this program does. */
  readonly unpacked: boolean;
}

/** A still as it is decoded, with the decoder's name of the pixel format. */
interface DecodedStill {
  readonly plate: Plate;
  readonly pixelFormat: string | undefined;
}

/** Decodes stills, by this program or by ffmpeg, as they are decoded in a reel. */
export async function decodeAll(folder: string, stills: readonly StillFile[]): Promise<DecodedStill[]> {
  const decoded = new Map<StillFile, DecodedStill>();
  const ours = stills.filter(({ unpacked }) => unpacked);
  for (const still of ours) decoded.set(still, await unpackedStill(folder, still));
  const theirs = stills.filter(({ unpacked }) => !unpacked);
  for (const [k, one] of byFfmpeg(folder, theirs).entries()) decoded.set(theirs[k] as StillFile, one);
  return stills.map((still) => decoded.get(still) as DecodedStill);
}

async function unpackedStill(folder: string, { kind, bytes }: StillFile): Promise<DecodedStill> {
  const path = join(folder, 'unpacked.still');
  writeFileSync(path, bytes);
  const still = await unpackStill(path, kind);
  const { width, height, pixelFormat } = still.info;
  const format = sampleFormat(pixelFormat as string);
  const plate = { frame: 0, format, width, height, bytes: new Uint8Array(still.bytes) };
  return { plate, pixelFormat: pixelFormat as string };
}

/** Decodes many stills in one run of ffmpeg, which takes longer to start than to decode. */
function byFfmpeg(folder: string, stills: readonly StillFile[]): DecodedStill[] {
  if (stills.length === 0) return [];
  const inputs = stills.flatMap(({ kind, bytes }, k) => {
    const path = join(folder, `${k}.still`);
    writeFileSync(path, bytes);
    return ['-f', stillDemuxer(kind), '-i', path];
  });
  const outputs = stills.flatMap(({ pixelFormat }, k) => [
    ...['-map', `${k}:v`, ...layOut(pixelFormat), '-frames:v', '1', '-f', 'rawvideo', join(folder, `${k}.raw`)],
  ]);
  const { status, stderr } = spawnSync('ffmpeg', ['-nostdin', '-y', '-hide_banner', ...inputs, ...outputs], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(stderr.slice(-3000));
  // What it says of its inputs comes before what it says of its outputs.
  const said = new Map<number, string>();
  for (const [, k, format] of stderr.matchAll(/Stream #(\d+):0.*?: Video: [^,]*?, ([a-z0-9]+)[(,]/g)) {
    if (!said.has(Number(k))) said.set(Number(k), format as string);
  }
  return stills.map(({ pixelFormat, width, height }, k) => {
    const format = sampleFormat(pixelFormat);
    const bytes = readFileSync(join(folder, `${k}.raw`));
    if (bytes.length !== pictureBytes(format, width, height)) throw new Error(`ffmpeg decoded ${bytes.length} bytes.`);
    return { plate: { frame: 0, format, width, height, bytes: new Uint8Array(bytes) }, pixelFormat: said.get(k) };
  });
}
