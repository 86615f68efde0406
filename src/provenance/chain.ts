import { z } from 'zod';
import { sha256Of } from '../disk/sha256.ts';

/** What the first line of a chain has in place of the hash of a line before it. */
const NOTHING_BEFORE = '0'.repeat(64);

const linkSchema = z.looseObject({ line: z.int().positive(), previous: z.string() });

/** A line's place in a chain. */
interface ChainLink {
  /** Where it stands in the file, from 1. */
  readonly at: number;
  /** Which line it was written as, from 1. */
  readonly line: number;
  readonly previous: string;
  readonly sha256: string;
}

/** A line of a chain as it was read. */
export interface ChainedLine extends ChainLink {
  /** Without its place in the chain. */
  readonly said: unknown;
}

/** Where a chain ends: how many lines it has, and SHA-256 of the last. */
export interface ChainEnd {
  readonly line: number;
  readonly previous: string;
}

const CHAIN_START: ChainEnd = { line: 0, previous: NOTHING_BEFORE };

/** A text of one JSON object a line. Each has the number of its line, and in `previous` SHA-256 of the line before it, its line feed among that. */
export function chained(lines: Iterable<object>, after: ChainEnd = CHAIN_START): string {
  return [...chainTexts(lines, after)].join('');
}

/** The same line by line. @param after the end of the chain that they go on */
export function* chainTexts(lines: Iterable<object>, after: ChainEnd = CHAIN_START): Generator<string> {
  let { line, previous } = after;
  for (const said of lines) {
    line += 1;
    const text = `${JSON.stringify({ line, previous, ...said })}\n`;
    previous = sha256Of(text);
    yield text;
  }
}

/** The lines of such a text, and what is wrong with its chain, as sentences; see `chainFaults`. */
export function readChain(text: string): {
  readonly lines: readonly ChainedLine[];
  readonly faults: readonly string[];
} {
  const texts = text.split('\n');
  const cut = texts.pop() ?? '';
  const reader = chainReader();
  const lines = texts.flatMap((one) => reader.add(one) ?? []);
  return { lines, faults: reader.faults(cut) };
}

/** Reads a chain line by line, and keeps of each its place alone. */
export interface ChainReader {
  /** Reads the next line, without its line feed; null where it is none of a chain. Nothing is read behind such a line. */
  add(text: string): ChainedLine | null;
  /** What is wrong with the chain, as sentences. @param cut what stands behind the last line feed */
  faults(cut: string): string[];
}

export function chainReader(): ChainReader {
  const links: ChainLink[] = [];
  let broken: string | null = null;
  return {
    add(text) {
      if (broken !== null) return null;
      const at = links.length + 1;
      const link = linkSchema.safeParse(parsed(text));
      if (!link.success) {
        broken = `Line ${at} of the log is not a line of it any more.`;
        return null;
      }
      const { line, previous, ...said } = link.data;
      const own = { at, line, previous, sha256: sha256Of(`${text}\n`) };
      links.push(own);
      return { ...own, said };
    },
    faults(cut) {
      if (broken !== null) return [broken];
      const torn = cut === '' ? [] : [`The log ends in the middle of line ${links.length + 1}.`];
      return [...chainFaults(links), ...torn];
    },
  };
}

/** Which lines were removed, added, moved or changed, as far as those that are left tell. */
function chainFaults(lines: readonly ChainLink[]): string[] {
  const known = new Set<number>();
  const faults: string[] = [];
  for (const { at, line } of lines) {
    if (known.has(line)) faults.push(`Line ${at} was added: there is a line with the number ${line} before it.`);
    known.add(line);
  }
  let next = 1;
  for (const line of [...known].sort((a, b) => a - b)) {
    if (line > next + 1) faults.push(`Lines ${next} to ${line - 1} were removed.`);
    else if (line > next) faults.push(`Line ${next} was removed.`);
    next = line + 1;
  }
  if (faults.length > 0) return faults;
  const moved = lines.filter(({ at, line }) => at !== line);
  if (moved.length > 0) {
    const where = moved.map(({ at, line }) => `line ${line} stands as line ${at}`);
    return [`Lines were swapped or moved: ${where.slice(0, 4).join(', ')}${where.length > 4 ? ', …' : ''}.`];
  }
  return lines.flatMap(({ at, previous }, k) => {
    const before = lines[k - 1];
    if (previous === (before?.sha256 ?? NOTHING_BEFORE)) return [];
    return [
      before
        ? `Line ${before.at} was changed after line ${at} was written: it is not the line whose hash line ${at} holds.`
        : 'Line 1 was changed: it is the first one and names a line before it.',
    ];
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
