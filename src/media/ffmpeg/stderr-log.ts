/** What ffmpeg wrote on stderr: the last lines for error messages, and the lines that it marked as errors. */
export interface StderrLog {
  add(chunk: string): void;
  /** The last 100 lines, oldest first. */
  readonly lines: readonly string[];
  /** The first 100 lines marked `[error]`, `[fatal]` or `[panic]`, without the mark and without addresses. */
  readonly errors: readonly string[];
}

/** Enough for the end of any of ffmpeg's complaints; a damaged reel may write thousands of lines. */
const KEPT_LINES = 100;

/** Reads a log written under `-v repeat+level+…`, in which each line carries its level. */
export function stderrLog(): StderrLog {
  const lines: string[] = [];
  const errors: string[] = [];
  let partial = '';
  const take = (line: string): void => {
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
    if (errors.length < KEPT_LINES && /\[(?:error|fatal|panic)\]/.test(line)) errors.push(plainLine(line));
  };
  return {
    lines,
    errors,
    add(chunk) {
      const parts = (partial + chunk).split(/\r?\n|\r/);
      partial = parts.pop() ?? '';
      for (const line of parts) if (line.trim()) take(line);
    },
  };
}

/** `[h264 @ 0x55d1] [error] no frame!` as `h264: no frame!`; without a full stop, since sentences go on after it. */
export function plainLine(line: string): string {
  return line
    .replace(/\[(?:error|fatal|panic)\]\s*/g, '')
    .replace(/^\[([\w:,./# -]+?) @ (?:0x)?[0-9a-f]+\]\s*/i, '$1: ')
    .trim()
    .replace(/\.+$/, '');
}
