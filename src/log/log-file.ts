import { closeSync, constants, fstatSync, openSync, readSync, statSync, writeSync } from 'node:fs';

/** Where lines go, one write a line. */
export interface LogFile extends Disposable {
  /** @throws where the line could not be written whole */
  append(line: string): void;
}

const FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND;

/**
 * A file that several processes append to. Each line is one write to its end, so that lines of two processes never mix. A process that is
 * killed leaves whole lines, but where the kill meets the system amid copying one: then that one is cut off, and the next line of whichever
 * process begins behind it. The file is opened when the first line comes, and anew where its name has come to mean another file: it was
 * rotated.
 */
export function openLogFile(path: string): LogFile {
  let fd: number | undefined;
  const close = () => {
    if (fd !== undefined) closeSync(fd);
    fd = undefined;
  };
  const opened = (): number => {
    if (fd !== undefined && !isSameFile(fd, path)) close();
    fd ??= openSync(path, FLAGS, 0o644);
    return fd;
  };
  return {
    append(line) {
      const file = opened();
      let rest = Buffer.from(endsAmidLine(file) ? `\n${line}` : line);
      // A disk that is nearly full takes a part, and then says why it takes no more.
      while (rest.length > 0) rest = rest.subarray(writeSync(file, rest));
    },
    [Symbol.dispose]: close,
  };
}

/** True where a process was killed, or a disk was full, in the midst of a line. */
function endsAmidLine(fd: number): boolean {
  const { size } = fstatSync(fd);
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  readSync(fd, last, 0, 1, size - 1);
  return last.toString() !== '\n';
}

function isSameFile(fd: number, path: string): boolean {
  const named = statSync(path, { throwIfNoEntry: false });
  const open = fstatSync(fd);
  return named !== undefined && named.ino === open.ino && named.dev === open.dev;
}

const STDOUT = 1;
/** How long a reader of standard output may keep a line waiting, ms, and how often that is looked at. */
const PATIENCE = 5000;
const PAUSE = 10;

/** Standard output. A pipe whose reader is slow takes a line in parts. */
export function standardOutput(): LogFile {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  return {
    append(line) {
      let rest = Buffer.from(line);
      for (let waited = 0; rest.length > 0; ) {
        try {
          rest = rest.subarray(writeSync(STDOUT, rest));
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || waited >= PATIENCE) throw error;
          Atomics.wait(sleeper, 0, 0, PAUSE);
          waited += PAUSE;
        }
      }
    },
    [Symbol.dispose]() {},
  };
}
