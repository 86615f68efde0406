import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { sha256Of } from '../disk/sha256.ts';
import { signerOf } from './authorisation-signature.ts';
import { PresetError } from './preset-error.ts';
import { parseSettings } from './settings-file.ts';
import { UsageError } from './usage-error.ts';

const AUTHORISATION_FORMAT = 'reelmend-authorisation/1';

const words = (meaning: string) => z.string({ error: meaning }).trim().min(1, { error: meaning });
const date = z.iso.date({ error: 'a day such as "2026-12-31"' });

const personSchema = z.strictObject(
  {
    /** The name that `--reference` and `--find` give; `actor` where they give none. */
    name: words('the name that --reference and --find give the person, such as "anna"'),
    shown: words('who is seen in the reel, such as "Berta Beispiel, stand-in"'),
    putIn: words('whose face is put in, such as "Anna Exempel"; "nobody" for one that is no person’s'),
  },
  { error: (issue) => (issue.code === 'invalid_type' ? 'a person with "name", "shown" and "putIn"' : undefined) },
);

const people = 'a list of at least one person with "name", "shown" and "putIn"';

/** A record of who allowed a face to be put in another's place, as it is written. */
const authorisationSchema = z.strictObject({
  format: z.literal(AUTHORISATION_FORMAT, { error: `"${AUTHORISATION_FORMAT}"` }),
  people: z.array(personSchema, { error: people }).min(1, { error: people }),
  allowedBy: words('who allowed it, such as "the estate of Anna Exempel"'),
  purpose: words('what it is allowed for, in words'),
  /** The only reel that it is for, by the name of its file or folder. */
  reel: z.exactOptional(words('the name of the reel’s file or folder, such as "film.mov"')),
  /** Its first and its last day, both included. */
  from: z.exactOptional(date),
  until: date,
});

/** A record that was read and is in date. */
export interface Authorisation extends z.output<typeof authorisationSchema> {
  /** As it was named. */
  readonly file: string;
  /** SHA-256 of the file, lower-case hex. */
  readonly sha256: string;
  /** Whose signature lies beside it, see `signerOf`; absent where none does. */
  readonly signedBy?: string;
}

/** What a run would do under a record. */
interface CoveredRun {
  /** Names of the people with whose faces it restores. */
  readonly people: readonly string[];
  /** Name of the reel's file or folder; absent where it is not known yet. */
  readonly reel?: string;
}

/**
 * Reads a record.
 *
 * @param flag how errors name it
 * @param today `2026-11-27`: the day on which it must hold
 * @throws UsageError where it cannot be read, is malformed, does not hold on that day, or has a signature that is not its own
 */
export function readAuthorisation(file: string, flag: string, today: string = localDay()): Authorisation {
  const bytes = bytesOf(file, flag);
  const record = recordOf(bytes, file, flag);
  const { from, until, allowedBy } = record;
  if (today > until) {
    throw new UsageError(
      `${flag} "${file}" held until ${until}, and today is ${today}. Ask ${allowedBy} for a record that holds longer.`,
    );
  }
  if (from !== undefined && today < from) {
    throw new UsageError(
      `${flag} "${file}" holds from ${from} on, and today is ${today}. Wait until then, or ask ${allowedBy} for a record that holds today.`,
    );
  }
  const signedBy = signerOf(file, bytes, flag);
  return { ...record, file, sha256: sha256Of(bytes), ...(signedBy === null ? {} : { signedBy }) };
}

/** Refuses what a record does not cover. @throws UsageError for another person, or another reel */
export function assertCovered(record: Authorisation, use: CoveredRun, flag: string): void {
  const { file, people, allowedBy } = record;
  const other = use.people.find((name) => !people.some((person) => person.name === name));
  if (other !== undefined) {
    const named = people.map(({ name }) => `"${name}"`).join(', ');
    throw new UsageError(
      `${flag} "${file}" is for ${named}, and not for "${other}", whose face would be put in. Ask ${allowedBy} for a record that names "${other}", or leave that person’s stills out.`,
    );
  }
  if (record.reel !== undefined && use.reel !== undefined && record.reel !== use.reel) {
    throw new UsageError(
      `${flag} "${file}" is for the reel "${record.reel}", and this one is "${use.reel}". Ask ${allowedBy} for a record that names this reel, or give that one.`,
    );
  }
}

function bytesOf(file: string, flag: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    const got = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : (cause as Error).message;
    throw new UsageError(`${flag} "${file}" cannot be read: ${got}. Check the path.`, { cause });
  }
}

function recordOf(bytes: Uint8Array, file: string, flag: string): z.output<typeof authorisationSchema> {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw new UsageError(
      `${flag} "${file}" is not valid JSON: ${(cause as Error).message}. Correct it there; "reelmend restore --help" shows a whole one.`,
      { cause },
    );
  }
  try {
    return parseSettings(flag, file, authorisationSchema, json);
  } catch (cause) {
    throw cause instanceof PresetError ? new UsageError(cause.message, { cause }) : cause;
  }
}

/** Today where the program runs. */
function localDay(): string {
  const now = new Date();
  const two = (n: number) => String(n).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
