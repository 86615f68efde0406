import { rm, stat } from 'node:fs/promises';
import { publish, unfinishedName, writeDurably } from '../../disk/durable.ts';
import type { ClaimSigner } from '../../provenance/c2pa/cose-sign.ts';
import type { CredentialFacts } from '../../provenance/c2pa/manifest.ts';
import { embeddedFormat, LARGEST_EMBEDDED, sidecarOf, signedFile } from '../../provenance/c2pa/sign-file.ts';
import { sidecarPath } from './sidecar-path.ts';

/** Content credentials before they are written: the file itself with them in it, or what lies beside it. */
export interface MadeCredentials {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly isInside: boolean;
}

/**
 * Signs content credentials for a file or folder: in the file where its container holds them and its size allows, else for beside it, bound to a
 * file's bytes, or, where that is too large or there are many, to another file that has their hashes.
 *
 * @param standIn the path of that file
 */
export async function makeCredentials(
  path: string,
  facts: CredentialFacts,
  signer: ClaimSigner,
  standIn: () => Promise<string>,
): Promise<MadeCredentials> {
  const { size, isFile } = await stat(path).then((found) => ({ size: found.size, isFile: found.isFile() }));
  const format = isFile ? embeddedFormat(path) : null;
  const isSmall = isFile && size <= LARGEST_EMBEDDED;
  if (format && isSmall) return { path, bytes: await signedFile(path, format, facts, signer), isInside: true };
  const bytes = await sidecarOf(isSmall ? path : await standIn(), facts, signer);
  return { path: sidecarPath(path), bytes, isInside: false };
}

/** Writes them; a sidecar that they make needless goes. */
export async function putCredentials({ path, bytes, isInside }: MadeCredentials): Promise<void> {
  const draft = unfinishedName(path);
  try {
    await writeDurably(draft, bytes);
    await publish(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
  if (isInside) await rm(sidecarPath(path), { force: true });
}
