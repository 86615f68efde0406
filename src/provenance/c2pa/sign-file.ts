import { extname } from 'node:path';
import { openBlob, openC2pa } from './c2pa-library.ts';
import type { ClaimSigner } from './cose-sign.ts';
import { type CredentialFacts, manifestOf, parentIngredient } from './manifest.ts';

/** Files that hold a manifest, by extension. */
const EMBEDDED: Readonly<Record<string, string>> = {
  '.mp4': 'video/mp4',
  '.mov': 'video/quicktime',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.tif': 'image/tiff',
  '.tiff': 'image/tiff',
};

const ANY_BYTES = 'application/octet-stream';

/** Bytes from which a file is not signed as a whole: the library holds it in memory, twice. */
export const LARGEST_EMBEDDED = 256 * 2 ** 20;

/** The format by which a file holds its manifest; null where it lies beside it. */
export function embeddedFormat(path: string): string | null {
  return EMBEDDED[extname(path).toLowerCase()] ?? null;
}

/** The bytes of a file with its manifest in it. */
export async function signedFile(
  path: string,
  format: string,
  facts: CredentialFacts,
  signer: ClaimSigner,
): Promise<Uint8Array> {
  using builder = await builderOf(facts);
  using source = openBlob(path);
  return await builder.sign(signer, [], format, source.blob);
}

/** A manifest for a file that it lies beside, bound to its bytes by their SHA-256. */
export async function sidecarOf(path: string, facts: CredentialFacts, signer: ClaimSigner): Promise<Uint8Array> {
  using builder = await builderOf(facts);
  using source = openBlob(path);
  builder.setNoEmbed(true);
  const { manifest } = await builder.signAndGetManifestBytes(signer, [], ANY_BYTES, source.blob);
  return manifest as Uint8Array;
}

/**
 * Signs a file for nobody, to find out whether a certificate will do before anything is waited for.
 *
 * @throws Error with what the library says against it
 */
export async function trySigner(signer: ClaimSigner, path: string): Promise<void> {
  const { WasmBuilder } = await openC2pa();
  using builder = WasmBuilder.fromJson(JSON.stringify({ claim_generator_info: [{ name: 'Reelmend' }] }));
  using source = openBlob(path);
  builder.setIntent('edit');
  builder.addIngredient(JSON.stringify({ title: 'a trial', relationship: 'parentOf', format: ANY_BYTES }));
  builder.setNoEmbed(true);
  try {
    await builder.signAndGetManifestBytes(signer, [], ANY_BYTES, source.blob);
  } catch (cause) {
    throw new Error(refusal(String(cause)), { cause });
  }
}

/** What speaks against a manifest, from the library's long account of it. */
function refusal(account: string): string {
  const status = /code: "([^"]+)"[^{}]*?explanation: Some\("([^"]+)"\)[^{}]*?kind: Failure/g;
  const failures = [...account.matchAll(status)].filter(([, code]) => code !== 'signingCredential.untrusted');
  return failures.length > 0 ? failures.map(([, , explanation]) => explanation).join('; ') : account;
}

async function builderOf(facts: CredentialFacts) {
  const { WasmBuilder } = await openC2pa();
  const { definition, actions } = manifestOf(facts);
  const builder = WasmBuilder.fromJson(JSON.stringify(definition));
  builder.setIntent('edit');
  builder.addIngredient(JSON.stringify(parentIngredient(facts)));
  for (const action of actions) builder.addAction(action);
  return builder;
}
