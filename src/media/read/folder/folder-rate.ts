import { basename } from 'node:path';
import { equalRational, formatRational, type Rational, rational, toNumber } from '../../../film/rational.ts';
import { ReelError } from '../../../film/reel-error.ts';
import { DamagedStill } from '../../still/damaged-still.ts';
import type { StillInfo } from '../../still/still-info.ts';

const DEFAULT_RATE = rational(24);

/** The files of a folder and what their headers say. */
interface ReadFiles {
  readonly path: string;
  readonly files: readonly (string | null)[];
  readonly stills: readonly (StillInfo | DamagedStill | null)[];
}

/**
 * The rate of a folder: as it was asked for, else what most of its files state, else 24. Notes say what was odd about it.
 *
 * @throws ReelError where the files state two rates, either of which may be right.
 */
export function folderRate(
  { path, files, stills }: ReadFiles,
  asked: Rational | undefined,
): { readonly rate: Rational; readonly notes: string[] } {
  if (asked) return { rate: asked, notes: [] };
  const read = stills.flatMap((still, i) =>
    still && !(still instanceof DamagedStill) ? [{ ...still, name: basename(files[i] as string) }] : [],
  );
  const undecided = read.find((still) => still.rateUndecided);
  const votes = new Map<string, { rate: Rational; count: number; name: string }>();
  for (const { rate, name } of read) {
    if (!rate) continue;
    const key = formatRational(rate);
    votes.set(key, { rate, name, count: (votes.get(key)?.count ?? 0) + 1 });
  }
  const [most, ...others] = [...votes.values()].sort((a, b) => b.count - a.count);
  if (undecided && !most) {
    throw new ReelError(
      `"${path}" states two rates: ${undecided.name} ${undecided.rateDoubt}. Say by --rate at which the reel is shown.`,
    );
  }
  const rate = most?.rate ?? DEFAULT_RATE;
  const notes: string[] = [];
  const doubted = read.find((still) => still.rateDoubt && !still.rateUndecided);
  if (doubted) {
    const taken = most ? '' : `; ${shown(rate)} are taken`;
    notes.push(`${doubted.name} ${doubted.rateDoubt}${taken}. --rate says otherwise.`);
  }
  const other = others.find((one) => !equalRational(one.rate, rate));
  if (other && most) {
    notes.push(
      `${most.count} of ${read.length} stills state ${shown(rate)} frames a second, which are taken; ${other.name} states ${shown(other.rate)}. --rate says otherwise.`,
    );
  }
  return { rate, notes };
}

function shown(rate: Rational): string {
  return `${Number(toNumber(rate).toFixed(3))}`;
}
