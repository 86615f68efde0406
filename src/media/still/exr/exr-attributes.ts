import type { ByteSource } from '../byte-source.ts';
import { DamagedStill } from '../damaged-still.ts';

/** An attribute of an OpenEXR header. */
export interface ExrAttribute {
  readonly type: string;
  /** Where its value begins, bytes from the file's start. */
  readonly at: number;
  readonly value: Buffer;
}

export type ExrAttributes = ReadonlyMap<string, ExrAttribute>;

/** Sanity limit on all headers of a file. */
const LONGEST_HEADER = 1 << 24;
const FIRST_READ = 1 << 14;
/** Longest names of attributes, types and channels, without and with the flag for long names. */
export const NAME_LENGTHS = { short: 31, long: 255 } as const;

/** The attributes of each part's header, one after another from byte 8, and where they end. @throws DamagedStill */
export async function readAttributes(
  source: ByteSource,
  { parts, longest }: { readonly parts: 'one' | 'several'; readonly longest: number },
): Promise<{ readonly headers: readonly ExrAttributes[]; readonly end: number }> {
  let head = await source.read(0, Math.min(FIRST_READ, source.size));
  let at = 8;
  const ensure = async (bytes: number) => {
    if (bytes <= head.length) return;
    if (bytes > source.size || bytes > LONGEST_HEADER)
      throw new DamagedStill('is cut off or damaged within its header');
    head = await source.read(0, Math.min(source.size, Math.max(bytes, head.length * 2)));
  };
  const text = async (): Promise<string> => {
    await ensure(Math.min(source.size, at + longest + 1));
    const end = head.indexOf(0, at);
    if (end < 0 && head.length < at + longest + 1) throw new DamagedStill('is cut off within its header');
    if (end < 0 || end - at > longest) throw new DamagedStill('has a damaged header (a name in it does not end)');
    const value = head.toString('latin1', at, end);
    at = end + 1;
    return value;
  };
  const headers: ExrAttributes[] = [];
  for (;;) {
    const attributes = new Map<string, ExrAttribute>();
    for (let name = await text(); name !== ''; name = await text()) {
      const type = await text();
      await ensure(at + 4);
      const length = head.readUInt32LE(at);
      await ensure(at + 4 + length);
      attributes.set(name, { type, at: at + 4, value: head.subarray(at + 4, at + 4 + length) });
      at += 4 + length;
    }
    if (parts === 'one') return { headers: [attributes], end: at };
    // An empty header ends the list.
    if (attributes.size === 0) return { headers, end: at };
    headers.push(attributes);
  }
}
