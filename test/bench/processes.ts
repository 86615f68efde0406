import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';

/** A process of a run as Linux shows it under /proc. */
export interface RunProcess {
  readonly pid: number;
  /** The executable's name: `node`, `ffmpeg`, `ffprobe`. */
  readonly program: string;
}

/** In the environment of a run and of all that it starts: tells its processes from all others. */
export const RUN_MARK = 'REELMEND_BENCH_RUN';

/** The processes that live now and were started by the run with this mark, however deep, orphans included. Linux only. */
export async function processesOf(mark: string): Promise<RunProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      if (!environment.includes(`${RUN_MARK}=${mark}\0`)) return [];
      const program = await readlink(`/proc/${pid}/exe`).catch(() => null);
      // Without an executable it has ended, and waits only for its parent to notice.
      return program === null ? [] : [{ pid: Number(pid), program: basename(program) }];
    }),
  );
  return found.flat();
}

/** Memory that belongs to a process, MiB: what it shares with others is divided among them. 0 where it has ended. */
export async function memoryOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) / 1024;
}

/** Linux counts in hundredths of a second. */
const TICKS = 100;

/** Seconds of processor time of the children that have ended, and of theirs (proc(5): `cutime`, `cstime`). Linux only. */
export async function endedChildren(): Promise<number> {
  const text = await readFile('/proc/self/stat', 'latin1');
  // Fields are counted from behind the name, which may hold spaces: state is the first.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / TICKS;
}
