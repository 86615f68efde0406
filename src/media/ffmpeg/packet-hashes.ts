import type { Ffmpeg } from './ffmpeg.ts';
import { describeJob } from './job.ts';
import { runJob } from './supervisor.ts';

/** The hash by which packets are told apart, by ffmpeg's name: of 128 bits, and quicker than a disk. It guards against accidents only. */
export const PACKET_HASH = 'murmur3';

/** An output of a job that lists every packet which it is given, with its hash, on stdout. Its pipe also ends ffmpeg with this process. */
export const LISTED_PACKETS: readonly string[] = [
  ...['-c:v', 'copy', '-f', 'framehash', '-hash', PACKET_HASH, '-flush_packets', '1'],
];

/** A packet as `LISTED_PACKETS` lists it. */
export interface ListedPacket {
  /** Presentation time in the stream's own unit. */
  readonly time: number;
  readonly hash: string;
}

/** Stream, decoding time, presentation time, duration, bytes, hash. */
const ROW = /^0,\s*-?\d+,\s*(-?\d+),\s*-?\d+,\s*\d+,\s*(\w+)/gm;

export function parseListedPackets(text: string): ListedPacket[] {
  return Array.from(text.matchAll(ROW), ([, time, hash = '']) => ({ time: Number(time), hash }));
}

/** The hash of each packet of a file's picture, in the file's order. */
export async function packetHashes(path: string, ffmpeg: Ffmpeg, signal?: AbortSignal): Promise<string[]> {
  const job = describeJob(ffmpeg.ffmpeg, {
    name: `Reading "${path}"`,
    inputs: [{ source: `file:${path}` }],
    outputs: [{ target: 'pipe:1', options: ['-map', '0:V:0', ...LISTED_PACKETS] }],
  });
  const { stdout } = await runJob(job, { signal });
  return parseListedPackets(stdout).map(({ hash }) => hash);
}

/**
 * SHA-256 of each packet of a file's picture, lower-case hex, in the order in which they are shown. Nothing is decoded; the file is read
 * once.
 */
export async function shownPackets(path: string, ffmpeg: Ffmpeg, signal?: AbortSignal): Promise<string[]> {
  const job = describeJob(ffmpeg.ffmpeg, {
    name: `Reading "${path}"`,
    inputs: [{ source: `file:${path}` }],
    outputs: [{ target: 'pipe:1', options: ['-map', '0:V:0', '-c:v', 'copy', '-f', 'framehash', '-hash', 'sha256'] }],
  });
  const { stdout } = await runJob(job, { signal });
  return parseListedPackets(stdout)
    .sort((a, b) => a.time - b.time)
    .map(({ hash }) => hash);
}
