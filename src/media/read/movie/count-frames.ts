import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { ffprobe } from '../../ffmpeg/probe-streams.ts';

/** Packets of a movie's picture: for codecs that this product writes, its frames. Nothing is decoded. */
export async function countFrames(path: string, ffmpeg: Ffmpeg, signal?: AbortSignal): Promise<number> {
  const { stdout } = await ffprobe(
    path,
    ['-select_streams', 'V:0', '-count_packets', '-show_entries', 'stream=nb_read_packets', '-of', 'csv=p=0'],
    ffmpeg,
    signal,
  );
  return Number.parseInt(stdout, 10) || 0;
}
