import { ReelError } from '../../film/reel-error.ts';

/** A file of a list, and how long it is shown. */
export interface ListedFile {
  /** Absolute. */
  readonly path: string;
  readonly seconds: number;
}

/** Files one after another as one input of ffmpeg's: the list goes to its stdin, so that no temporary file is left behind. */
export function concatInput(files: readonly ListedFile[]) {
  const entries = files.map(({ path, seconds }) => {
    if (/[\r\n]/.test(path)) {
      throw new ReelError(`The file name ${JSON.stringify(path)} has a line break in it. Rename the file.`);
    }
    // Where the name has characters of a pattern, ffmpeg would look for a numbered sequence.
    const literal = /\.\w*(?:mkv|mov)$/.test(path) || !/[%*?{}[\]]/.test(path) ? '' : 'option pattern_type none\n';
    return `file 'file:${path.replaceAll("'", "'\\''")}'\n${literal}duration ${seconds.toFixed(6)}\n`;
  });
  return {
    source: 'pipe:0',
    options: ['-f', 'concat', '-safe', '0', '-protocol_whitelist', 'file,pipe'],
    list: `ffconcat version 1.0\n${entries.join('')}`,
  };
}
