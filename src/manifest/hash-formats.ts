import { createHash, type Hash } from 'node:crypto';
import { createXXHash3, createXXHash64, createXXHash128, type IHasher } from 'hash-wasm';

/** The hashes of ASC MHL, in the order in which its schema has them (specification 1.0, section 6.5). */
export const HASH_FORMATS = ['c4', 'md5', 'sha1', 'xxh128', 'xxh3', 'xxh64'] as const;
export type HashFormat = (typeof HASH_FORMATS)[number];

/** What hashes bytes as they come. `digest` ends one file, `begin` starts the next. */
export interface Hasher {
  begin(): void;
  update(bytes: Uint8Array): void;
  digest(): string;
}

/** Opens what hashes in a format, seeds of 0 where one has a seed (specification 1.0, appendix D). */
export async function openHasher(format: HashFormat | 'sha256'): Promise<Hasher> {
  if (format === 'c4') return cryptoHasher('sha512', (hash) => c4Of(hash.digest()));
  if (format === 'xxh64') return xxHasher(await createXXHash64());
  if (format === 'xxh3') return xxHasher(await createXXHash3());
  if (format === 'xxh128') return xxHasher(await createXXHash128());
  return cryptoHasher(format, (hash) => hash.digest('hex'));
}

/** The C4 identity of bytes, which refers to a manifest. */
export function c4OfBytes(bytes: Uint8Array): string {
  return c4Of(createHash('sha512').update(bytes).digest());
}

const C4_DIGITS = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** Digits of base 58 behind "c4" that hold 512 bits. */
const C4_LENGTH = 88;

/** SHA-512 as a number of base 58, behind "c4" (SMPTE ST 2114:2017). */
function c4Of(sha512: Uint8Array): string {
  let rest = BigInt(`0x${Buffer.from(sha512).toString('hex')}`);
  let digits = '';
  for (; rest > 0n; rest /= 58n) digits = C4_DIGITS[Number(rest % 58n)] + digits;
  return `c4${digits.padStart(C4_LENGTH, '1')}`;
}

function cryptoHasher(algorithm: string, digest: (hash: Hash) => string): Hasher {
  let hash = createHash(algorithm);
  return {
    begin() {
      hash = createHash(algorithm);
    },
    update(bytes) {
      hash.update(bytes);
    },
    digest: () => digest(hash),
  };
}

function xxHasher(hasher: IHasher): Hasher {
  return {
    begin() {
      hasher.init();
    },
    update(bytes) {
      hasher.update(bytes);
    },
    digest: () => hasher.digest('hex'),
  };
}
