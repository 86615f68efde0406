import { once } from 'node:events';

/**
 * The files of a tar archive whose names `isWanted`; the others are passed over without being kept.
 *
 * @throws Error where the archive is cut off or damaged.
 */
export async function tarFiles(
  chunks: AsyncIterable<Uint8Array>,
  isWanted: (name: string) => boolean,
): Promise<Map<string, Uint8Array>> {
  // Loaded where something is fetched, as npm's client is.
  const { Parser } = await import('tar');
  const found: Promise<readonly [string, Uint8Array]>[] = [];
  const parser = new Parser({
    strict: true,
    onReadEntry(entry) {
      const isFile = entry.type === 'File' || entry.type === 'OldFile';
      if (isFile && isWanted(entry.path)) found.push(entry.concat().then((content) => [entry.path, content]));
      else entry.resume();
    },
  });
  const read = once(parser, 'end');
  const write = async () => {
    for await (const chunk of chunks)
      if (!parser.write(Buffer.from(chunk))) await Promise.race([once(parser, 'drain'), read]);
    parser.end();
  };
  await Promise.all([read, write()]);
  return new Map(await Promise.all(found));
}
