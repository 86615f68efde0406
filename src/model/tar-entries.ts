/** A tar archive's blocks are 512 bytes (POSIX.1-2017, pax, "ustar Interchange Format"). */
const BLOCK = 512;

/**
 * The files of a tar archive whose names `isWanted`, without reading more of the others than their headers into memory.
 *
 * @throws Error where the archive ends inside a file.
 */
export async function tarEntries(
  chunks: AsyncIterable<Uint8Array>,
  isWanted: (name: string) => boolean,
): Promise<Map<string, Uint8Array>> {
  const reader = byteReader(chunks);
  const found = new Map<string, Uint8Array>();
  let longName: string | undefined;
  for (;;) {
    const header = await reader.take(BLOCK);
    if (!header || header[0] === 0) return found;
    const size = Number.parseInt(field(header, 124, 12), 8) || 0;
    const kind = field(header, 156, 1);
    const name: string = longName ?? [field(header, 345, 155), field(header, 0, 100)].filter(Boolean).join('/');
    longName = undefined;
    const isFile = kind === '0' || kind === '';
    const content = kind === 'x' || (isFile && isWanted(name)) ? await reader.take(size) : await reader.skip(size);
    if (!content) throw new Error(`The archive ends inside "${name}".`);
    await reader.skip((BLOCK - (size % BLOCK)) % BLOCK);
    // A pax header in front of a file gives the name that does not fit the old field.
    if (kind === 'x') longName = /(?:^|\n)\d+ path=(.*)\n/.exec(new TextDecoder().decode(content))?.[1];
    else if (isFile && isWanted(name)) found.set(name, content);
  }
}

function field(header: Uint8Array, start: number, length: number): string {
  const bytes = header.subarray(start, start + length);
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end)).trim();
}

function byteReader(chunks: AsyncIterable<Uint8Array>) {
  const iterator = chunks[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);

  /** Hands `length` bytes to `use`, in pieces; false where the stream ends before. */
  const read = async (length: number, use: (piece: Uint8Array) => void): Promise<boolean> => {
    let missing = length;
    for (;;) {
      const piece = rest.subarray(0, missing);
      use(piece);
      rest = rest.subarray(piece.length);
      missing -= piece.length;
      if (missing === 0) return true;
      const next = await iterator.next();
      if (next.done) return false;
      rest = next.value;
    }
  };

  return {
    async take(length: number): Promise<Uint8Array | null> {
      const out = new Uint8Array(length);
      let at = 0;
      const isWhole = await read(length, (piece) => {
        out.set(piece, at);
        at += piece.length;
      });
      return isWhole ? out : null;
    },
    async skip(length: number): Promise<Uint8Array | null> {
      return (await read(length, () => {})) ? new Uint8Array(0) : null;
    },
  };
}
