/** What is known of a job of ffmpeg's that failed. */
export interface FfmpegFailure {
  /** Null where it did not exit by itself, or never started. */
  readonly exitCode?: number | null;
  readonly signal?: string | null;
  /** The command as a person could type it; empty where there was none. */
  readonly command?: string;
  /** The last lines of its log, oldest first. */
  readonly stderr?: readonly string[];
  readonly cause?: unknown;
}

/** ffmpeg is missing, too old, or ended a job without doing it. The message says which job, and why as far as ffmpeg told. */
export class FfmpegError extends Error {
  override readonly name = 'FfmpegError';
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly command: string;
  readonly stderr: readonly string[];

  constructor(message: string, failure: FfmpegFailure = {}) {
    super(message, failure.cause === undefined ? undefined : { cause: failure.cause });
    this.exitCode = failure.exitCode ?? null;
    this.signal = failure.signal ?? null;
    this.command = failure.command ?? '';
    this.stderr = failure.stderr ?? [];
  }
}
