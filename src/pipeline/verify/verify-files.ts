import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { sha256OfFiles } from '../../disk/durable.ts';
import type { Ffmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { shownPackets } from '../../media/ffmpeg/packet-hashes.ts';
import { sha256OfList } from '../../media/write/segment-files.ts';
import type { EditHeader, EditLog } from '../../provenance/edit-log.ts';

/** What was found of an output, as sentences. */
export interface Findings {
  readonly proved: readonly string[];
  /** Nothing where all is as it should be. */
  readonly faults: readonly string[];
  /** True of a movie that is another file with the same coded frames, which is among the faults. */
  readonly rewrapped?: true;
}

/** Holds an output, a folder or a movie, to the hashes that its log has of it, and names the first frame that is another. */
export async function verifyFiles(
  out: string,
  log: EditLog,
  { ffmpeg, signal }: { readonly ffmpeg: Ffmpeg; readonly signal: AbortSignal },
): Promise<Findings> {
  const { kind } = log.header.output;
  const facts = await stat(out).catch(() => null);
  if (!facts) return { proved: [], faults: [`"${out}" is not there.`] };
  if (facts.isDirectory() !== (kind === 'folder')) {
    return { proved: [], faults: [`"${out}" is not a ${kind}, which the log is of. Give the output that it is of.`] };
  }
  return kind === 'folder' ? verifyFolder(out, log, signal) : verifyFile(out, log, ffmpeg, signal);
}

async function verifyFolder(out: string, { header, takes }: EditLog, signal: AbortSignal): Promise<Findings> {
  const logged = takes.flatMap(({ frames }) => frames ?? []);
  const entries = await readdir(out, { withFileTypes: true });
  const there = new Set(entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name));
  const files = logged.flatMap(({ name }) => (name !== undefined && there.has(name) ? [name] : []));
  const hashes = new Map<string, string>();
  // Logs of earlier versions have the hash of all bytes.
  const whole = await sha256OfFiles(
    files.map((name) => join(out, name)),
    signal,
    (path, sha256) => void hashes.set(basename(path), sha256),
  );
  const wrong = logged.filter(({ name, sha256 }) => hashes.get(name ?? '') !== sha256);
  const [first] = wrong;
  const others = wrong.length > 1 ? ` ${wrong.length - 1} more are not, either.` : '';
  const names = new Set(logged.map(({ name }) => name));
  const foreign = [...there].filter((name) => !names.has(name)).sort();
  const faults = [
    ...(first
      ? [
          hashes.has(first.name ?? '')
            ? `${sentence(frameName(header, first.frame))} ("${first.name}") is not the frame that was written: its file was changed.${others}`
            : `${sentence(frameName(header, first.frame))} ("${first.name}") is missing from "${out}".${others}`,
        ]
      : [whole, sha256OfList(logged)].includes(header.output.sha256)
        ? []
        : [
            `The files of "${out}" are those that the log lists, and its first line has another hash of them together.`,
          ]),
    ...(foreign.length > 0
      ? [`"${out}" holds "${foreign[0]}"${more(foreign.length - 1)}, which the log does not know.`]
      : []),
  ];
  if (faults.length > 0) return { proved: [], faults };
  return { proved: [`All ${logged.length} files of "${out}" are those that were written, byte for byte.`], faults };
}

async function verifyFile(out: string, log: EditLog, ffmpeg: Ffmpeg, signal: AbortSignal): Promise<Findings> {
  const { header, takes } = log;
  if ((await sha256OfFiles([out], signal)) === header.output.sha256)
    return { proved: [`"${out}" is the file that was written, byte for byte.`], faults: [] };
  const changed = `"${out}" is not the file that was written`;
  const logged = takes.flatMap(({ frames }) => frames ?? []);
  const found = await shownPackets(out, ffmpeg, signal).catch(() => null);
  signal.throwIfAborted();
  if (!found) return { proved: [], faults: [`${changed}, and ffmpeg cannot read its frames.`] };
  if (logged.length === 0) return { proved: [], faults: [`${changed}; the log does not tell its frames apart.`] };
  const wrong = logged.filter(({ sha256 }, k) => found[k] !== sha256);
  const [first] = wrong;
  if (found.length !== logged.length) {
    const where = first ? ` The first that is another is ${frameName(header, first.frame)}.` : '';
    return { proved: [], faults: [`${changed}: it has ${found.length} frames instead of ${logged.length}.${where}`] };
  }
  if (first) {
    const others = wrong.length > 1 ? ` ${wrong.length - 1} more are not, either.` : '';
    return {
      proved: [],
      faults: [`${changed}: ${frameName(header, first.frame)} is not the one that was written.${others}`],
    };
  }
  return {
    proved: [],
    faults: [
      `${changed}, though every coded frame of it is: the file was wrapped anew, signed or tagged, or its sound was changed.`,
    ],
    rewrapped: true,
  };
}

function more(others: number): string {
  return others > 0 ? ` and ${others} more` : '';
}

/** A frame as people call it. */
export function frameName({ reel }: Pick<EditHeader, 'reel'>, frame: number): string {
  return `frame ${reel.first + frame}`;
}

function sentence(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}
