/** The output cannot be written: no space, not allowed, in the way, or not what it should be. The message says what to do. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
  /** The file or folder in trouble. */
  readonly path: string;

  constructor(path: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.path = path;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full. Free some space there',
  EDQUOT: 'the disk quota is used up. Free some space there',
  EROFS: 'the disk is read-only. Choose another place',
  EACCES: 'this user may not write there. Change the permissions or choose another place',
  EPERM: 'this user may not write there. Change the permissions or choose another place',
  ENOENT: 'the folder above it does not exist. Create it first',
  ENOTDIR: 'a part of the path is a file, not a folder. Choose another place',
  EISDIR: 'a folder has this name already. Choose another name',
  EEXIST: 'something has this name already. Remove it or choose another name',
  ENOTEMPTY: 'a folder with other files has this name already. Empty it or choose another name',
  EXDEV: 'the work folder lies on another disk. Keep both on one disk',
  EMFILE: 'too many files are open. Raise the limit (ulimit -n)',
  EFBIG: 'the file is larger than the disk allows. Choose another disk',
  EIO: 'the disk reports an error. Check it or choose another one',
};

/** Turns trouble with the file system at `path` into a sentence; what is already an `OutputError` stays. */
export function outputError(path: string, cause: unknown): OutputError {
  if (cause instanceof OutputError) return cause;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  const reason = (code && REASONS[code]) ?? (cause instanceof Error ? cause.message : String(cause));
  const resume = code === 'ENOSPC' || code === 'EDQUOT' ? '; the same command then goes on where it stopped' : '';
  return new OutputError(path, `"${path}" cannot be written: ${reason}${resume}.`, { cause });
}
