import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { sha256Of } from '../disk/sha256.ts';
import { UsageError } from './usage-error.ts';

/**
 * Who signed a file: SHA-256 of the public key (its SubjectPublicKeyInfo, DER), lower-case hex; null where nobody did.
 *
 * A signature is `<file>.sig`, Ed25519 (RFC 8032) over the file's bytes, and the key that it is checked by is `<file>.pub`, in PEM. It proves
 * that the file is as the holder of that key signed it, and not whose key that is: a person compares the key's print with one that
 * they have from the signer.
 *
 * @throws UsageError for a signature without its key, or one that is not of this file by this key
 */
export function signerOf(file: string, bytes: Uint8Array, flag: string): string | null {
  const [signature, pem] = [`${file}.sig`, `${file}.pub`];
  if (!existsSync(signature)) return null;
  if (!existsSync(pem)) {
    throw new UsageError(
      `${flag} "${file}": there is a signature "${signature}", but not the key to check it by. Put the signer’s public key beside it as "${pem}", or take the signature away.`,
    );
  }
  const key = keyOf(pem, flag, file);
  if (!verify(null, bytes, key, readFileSync(signature))) {
    throw new UsageError(
      `${flag} "${file}": the signature "${signature}" is not one of this file by the key "${pem}": the file was changed after it was signed, or another key signed it. Get file, signature and key anew from the signer.`,
    );
  }
  return sha256Of(key.export({ type: 'spki', format: 'der' }));
}

function keyOf(pem: string, flag: string, file: string): KeyObject {
  try {
    const key = createPublicKey(readFileSync(pem));
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Whatever it is, it is no such key.
  }
  throw new UsageError(
    `${flag} "${file}": "${pem}" is no public Ed25519 key in PEM. Write it by "openssl pkey -in key.pem -pubout -out ${pem}".`,
  );
}
