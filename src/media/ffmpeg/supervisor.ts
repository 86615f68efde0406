import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { FfmpegError } from './ffmpeg-error.ts';
import type { Job } from './job.ts';
import { type StderrLog, stderrLog } from './stderr-log.ts';

/** Between asking a process to end and ending it, ms: longer than ffmpeg needs to close a file, short enough to wait for. */
const GRACE_MS = 1500;

/** A process that runs a job. Whatever it writes to `stdout` and `side` must be read, or it waits. */
export interface RunningJob {
  readonly pid: number | undefined;
  /** Null unless the job asked for it. */
  readonly stdin: Writable | null;
  readonly stdout: Readable;
  /** The process's descriptor 3; null unless the job asked for it. */
  readonly side: Readable | null;
  readonly log: StderrLog;
  /**
   * Resolves when the process has ended well, having read all of its stdin; rejects with FfmpegError when it has not, and with
   * the reason when it was stopped. It need not be awaited.
   */
  readonly done: Promise<void>;
  /** Writes to stdin; resolves when the memory may be reused, rejects like `done` when the process no longer reads. */
  write(bytes: Uint8Array): Promise<void>;
  /** Ends the process and its pipes; `done` rejects with `reason`. Resolves when the process is gone. */
  stop(reason?: unknown): Promise<void>;
}

const running = new Set<ChildProcess>();

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a job. The only place of the product that starts a process of ffmpeg's. Aborting the signal stops it. */
export function startJob(job: Job, signal?: AbortSignal): RunningJob {
  signal?.throwIfAborted();
  const child = spawn(job.program, [...job.args], {
    stdio: [job.stdin ? 'pipe' : 'ignore', 'pipe', 'pipe', ...(job.side ? (['pipe'] as const) : [])],
    windowsHide: true,
    ...(job.cwd === undefined ? {} : { cwd: job.cwd }),
  });
  running.add(child);
  const log = stderrLog();
  child.stderr?.setEncoding('utf8').on('data', log.add);
  const pipes = child.stdio.filter((pipe) => pipe !== null && pipe !== undefined) as (Readable & Writable)[];
  // A pipe that breaks says only that the other end is gone; `done` says why.
  for (const pipe of pipes) pipe.on('error', () => {});

  let stopped: { reason: unknown } | undefined;
  let grace: NodeJS.Timeout | undefined;
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = (reason: unknown = new Error('The job was stopped.')): Promise<void> => {
    const ended = child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
    if (!ended) stopped ??= { reason };
    // A process that waits on a full pipe never sees its signal, so the pipes go too.
    for (const pipe of pipes) pipe.destroy();
    if (ended) return gone;
    child.kill('SIGTERM');
    grace ??= setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    return gone;
  };
  const onAbort = () => void stop(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });

  const done = new Promise<void>((resolve, reject) => {
    const settle = (error?: unknown) => {
      running.delete(child);
      clearTimeout(grace);
      signal?.removeEventListener('abort', onAbort);
      if (error === undefined) resolve();
      else reject(error);
    };
    child.once('error', (cause) => settle(stopped ? stopped.reason : notStarted(job, cause)));
    child.once('close', (code, sig) => {
      if (stopped) settle(stopped.reason);
      else if (code !== 0) settle(failed(job, log, code, sig));
      else if (child.stdin && !child.stdin.writableFinished) settle(closedEarly(job, log));
      else settle();
    });
  });
  done.catch(() => {});

  return {
    pid: child.pid,
    stdin: child.stdin,
    stdout: child.stdout as Readable,
    side: job.side ? (child.stdio[3] as Readable) : null,
    log,
    done,
    stop,
    async write(bytes) {
      const { stdin } = child;
      if (!stdin) throw new TypeError(`The job "${job.name}" has no stdin.`);
      const broken = await new Promise<Error | null | undefined>((resolve) => {
        if (stdin.destroyed) resolve(new Error('closed'));
        else stdin.write(bytes, resolve);
      });
      if (!broken) return;
      // Without a reader the process cannot do its job, but it may take long to notice.
      await Promise.race([gone, delay(GRACE_MS)]);
      if (child.exitCode === null && child.signalCode === null) await stop(closedEarly(job, log));
      await done;
      throw closedEarly(job, log);
    },
  };
}

/** What is written to a job's stdin: text, or pieces one after another. */
export type JobFeed = string | AsyncIterable<Uint8Array>;

/**
 * Writes to a job's stdin and ends it. Where the pieces break off with an error, the job ends with what it has, and then the error
 * is thrown. It need not be awaited.
 */
export function feedJob(job: RunningJob, feed: JobFeed): Promise<void> {
  const feeding = async () => {
    try {
      if (typeof feed === 'string') job.stdin?.write(feed);
      else for await (const bytes of feed) await job.write(bytes);
    } finally {
      job.stdin?.end();
    }
  };
  const fed = feeding();
  fed.catch(() => {});
  return fed;
}

/** Runs a job to its end. What it writes to stdout comes back as text; `input` is written to its stdin. */
export async function runJob(
  job: Job,
  options: { input?: JobFeed | undefined; signal?: AbortSignal | undefined } = {},
) {
  const child = startJob({ ...job, stdin: options.input !== undefined }, options.signal);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const fed = options.input === undefined ? undefined : feedJob(child, options.input);
  // Whoever is told of an error may remove what the job writes, so the job has ended by then.
  await Promise.allSettled([fed, child.done]);
  await fed;
  await child.done;
  return { stdout: Buffer.concat(chunks).toString('utf8'), errors: child.log.errors };
}

/** The job as a person could type it. */
export function commandLine(job: Job): string {
  return [job.program, ...job.args].map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : quote(word))).join(' ');
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function failed(job: Job, log: StderrLog, exitCode: number | null, signal: string | null): FfmpegError {
  const how = signal ? `was ended by ${signal}` : `ended with code ${exitCode}`;
  // The first error is the cause, the others follow from it.
  const why = (log.errors.length > 0 ? log.errors.slice(0, 2) : log.lines.slice(-2)).join(' | ');
  return new FfmpegError(`${job.name}: ffmpeg ${how}${why ? `: ${why}` : ' and gave no reason.'}`, {
    exitCode,
    signal,
    command: commandLine(job),
    stderr: [...log.lines],
  });
}

function closedEarly(job: Job, log: StderrLog): FfmpegError {
  const why = log.errors.slice(-3).join(' | ');
  return new FfmpegError(`${job.name}: ffmpeg stopped reading before it had everything${why ? `: ${why}` : '.'}`, {
    exitCode: 0,
    command: commandLine(job),
    stderr: [...log.lines],
  });
}

function notStarted(job: Job, cause: Error): FfmpegError {
  return new FfmpegError(`${job.name}: "${job.program}" could not be started (${cause.message}).`, {
    command: commandLine(job),
    cause,
  });
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
