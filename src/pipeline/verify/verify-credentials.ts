import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { sha256OfFiles } from '../../disk/durable.ts';
import { sha256Of } from '../../disk/sha256.ts';
import { openC2pa } from '../../provenance/c2pa/c2pa-library.ts';
import { type Credentials, credentialsBeside, credentialsIn } from '../../provenance/c2pa/read-credentials.ts';
import { embeddedFormat } from '../../provenance/c2pa/sign-file.ts';
import { hashList } from '../credentials/hash-list.ts';
import { sidecarPath } from '../credentials/sidecar-path.ts';
import type { Findings } from './verify-files.ts';

/** What was found of an output's content credentials. */
interface SignedFindings extends Findings {
  /** Null where there are none. */
  readonly credentials: Credentials | null;
  /** True where they lie in the file and every byte of it is what was signed. */
  readonly holdsFile: boolean;
}

const NONE: SignedFindings = { credentials: null, holdsFile: false, proved: [], faults: [] };

/**
 * Reads the content credentials in an output, or beside it, and holds them to it and to its edit log.
 *
 * @param logHash SHA-256 of the log; null where there is none
 */
export async function verifyCredentials(out: string, logHash: string | null): Promise<SignedFindings> {
  const facts = await stat(out).catch(() => null);
  if (!facts) return NONE;
  const format = facts.isFile() ? embeddedFormat(out) : null;
  const sidecar = await readFile(sidecarPath(out)).catch(() => null);
  const inside = format !== null && sidecar === null;
  if (!inside && sidecar === null) return NONE;
  const missing = await openC2pa().then(
    () => null,
    (error: unknown) => (error as Error).message,
  );
  // Where nothing says that there are any, nothing is amiss.
  if (missing !== null) {
    const told = [`Content credentials were not looked at. ${missing}.`];
    return { ...NONE, ...(sidecar ? { faults: told } : { proved: told }) };
  }
  let credentials: Credentials | null;
  try {
    credentials = sidecar ? await credentialsBeside(sidecar) : await credentialsIn(out, format as string);
  } catch (error) {
    return { ...NONE, faults: [`The content credentials of "${out}" cannot be read: ${String(error)}.`] };
  }
  if (!credentials) return NONE;
  const { faults: broken, bound, named, signer, untrusted } = credentials;
  const where = sidecar ? `"${basename(sidecarPath(out))}" beside it` : 'the file';
  const faults = broken.map((fault) => `The content credentials in ${where} do not hold: ${fault}.`);
  if (sidecar && bound !== logHash && !(await isBoundTo(bound, out, facts.isFile())))
    faults.push(`The content credentials in ${where} are bound to another file, or this one was changed.`);
  if (logHash !== null && named?.editLog !== logHash)
    faults.push('The content credentials were signed for another edit log, or this one was changed.');
  if (faults.length > 0) return { credentials, holdsFile: false, proved: [], faults };
  const proved = [
    `The content credentials in ${where} hold. Their signer says to be ${signer}.`,
    ...(untrusted
      ? [
          'No list of trusted certificates was asked for that signer: who it is, is not proved. Compare the certificate.',
        ]
      : []),
  ];
  if (named?.masterOf) {
    const { name, sha256 } = named.masterOf;
    proved.push(`They say that it is a master of "${name}", SHA-256 ${sha256}.`);
  }
  return { credentials, holdsFile: inside, proved, faults };
}

/** Whether a hash is that of a file, or of the list of the hashes of its or a folder's files. */
async function isBoundTo(bound: string | null, out: string, isFile: boolean): Promise<boolean> {
  if (isFile && bound === (await sha256OfFiles([out]))) return true;
  return bound === sha256Of(await hashList(out));
}
