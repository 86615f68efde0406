/** What is said of one file. */
export interface ChecksumLine {
  /** Below the folder of the list, with "/" between its parts. */
  readonly path: string;
  /** Lower-case hex. */
  readonly sha256: string;
}

const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r' };

/**
 * What `sha256sum -c` reads, one line a file. A name with a backslash, a line feed or a carriage return is escaped, and its line
 * begins with a backslash (GNU coreutils, "cksum output modes").
 */
export function checksumFile(lines: readonly ChecksumLine[]): string {
  return lines
    .map(({ path, sha256 }) => {
      const escaped = path.replace(/[\\\n\r]/g, (character) => ESCAPED[character] as string);
      return `${escaped === path ? '' : '\\'}${sha256}  ${escaped}\n`;
    })
    .join('');
}
