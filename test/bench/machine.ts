import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { findFfmpeg } from '../../src/media/ffmpeg/ffmpeg.ts';

/** What a figure was measured on. */
export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly ffmpeg: string;
}

export async function machine(): Promise<Machine> {
  const { version } = await findFfmpeg();
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() || process.arch,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()}`,
    node: process.version,
    ffmpeg: version,
  };
}

export function machineLine({ cores, processor, memoryGiB, system, node, ffmpeg }: Machine): string {
  return `${cores} cores of ${processor}, ${memoryGiB} GiB, ${system}, Node ${node}, ffmpeg ${ffmpeg}`;
}
