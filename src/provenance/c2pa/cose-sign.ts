import { constants, createPrivateKey, type KeyObject, sign, X509Certificate } from 'node:crypto';

/** What signs a claim, as the library asks for it. */
export interface ClaimSigner {
  /** The library's name of the algorithm. */
  readonly alg: string;
  /** Bytes that every signature takes. */
  readonly reserveSize: number;
  /** COSE_Sign1 (RFC 9052) over a claim, of `reserveSize` bytes. */
  sign(claim: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
}

/** An algorithm: the library's name, COSE's number, and what `node:crypto` is told. */
interface Algorithm {
  readonly alg: string;
  readonly cose: number;
  readonly hash: string | null;
  readonly padding?: { readonly padding: number; readonly saltLength: number };
}

/** Room for the signature, its headers and padding beside the certificates. */
const ROOM = 2048;

/**
 * A signer by a certificate and its private key, both PEM. The certificate's file holds the signer's first, then those that vouch for
 * it, without the root.
 *
 * @throws Error with what is wrong, without naming the files
 */
export function claimSigner(certificates: string, key: string): ClaimSigner {
  const chain = certificates.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  const parsed = chain.map((pem) => new X509Certificate(pem));
  const [own] = parsed;
  if (!own) throw new Error('it holds no certificate in PEM');
  const secret = createPrivateKey(key);
  if (!own.checkPrivateKey(secret)) throw new Error('the key is not that of its first certificate');
  const algorithm = algorithmOf(secret);
  const der = parsed.map(({ raw }) => new Uint8Array(raw));
  const reserveSize = ROOM + der.reduce((sum, one) => sum + one.length, 0);
  return {
    alg: algorithm.alg,
    reserveSize,
    sign: async (claim) => coseSign1(claim, der, { secret, algorithm, size: reserveSize }),
  };
}

function algorithmOf(secret: KeyObject): Algorithm {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = secret;
  if (type === 'ec' && details?.namedCurve === 'prime256v1') return { alg: 'es256', cose: -7, hash: 'sha256' };
  if (type === 'ec' && details?.namedCurve === 'secp384r1') return { alg: 'es384', cose: -35, hash: 'sha384' };
  if (type === 'ed25519') return { alg: 'ed25519', cose: -8, hash: null };
  if (type === 'rsa' || type === 'rsa-pss') {
    return {
      alg: 'ps256',
      cose: -37,
      hash: 'sha256',
      padding: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
    };
  }
  throw new Error(
    `a key of the kind ${details?.namedCurve ?? type} signs no content credentials; take EC P-256, P-384, Ed25519 or RSA`,
  );
}

function coseSign1(
  claim: Uint8Array,
  chain: readonly Uint8Array[],
  { secret, algorithm, size }: { readonly secret: KeyObject; readonly algorithm: Algorithm; readonly size: number },
): Uint8Array<ArrayBuffer> {
  const [own] = chain;
  // x5chain (RFC 9360): one certificate as it is, more as an array.
  const x5chain = chain.length === 1 && own ? bytes(own) : array(chain.map(bytes));
  const header = map([
    [integer(1), integer(algorithm.cose)],
    [integer(33), x5chain],
  ]);
  const signed = array([text('Signature1'), bytes(header), bytes(new Uint8Array(0)), bytes(claim)]);
  const signature = sign(algorithm.hash, signed, { key: secret, dsaEncoding: 'ieee-p1363', ...algorithm.padding });
  const whole = (padding: number) => {
    const unprotected = map([[text('pad'), bytes(new Uint8Array(padding))]]);
    return join([Uint8Array.of(0xd2), array([bytes(header), unprotected, Uint8Array.of(0xf6), bytes(signature)])]);
  };
  // A length of 256 or more takes two bytes, whatever it is.
  return whole(size - whole(256).length + 256);
}

/** CBOR (RFC 8949): the head of an item of a major type. */
function head(major: number, value: number): Uint8Array {
  const type = major << 5;
  if (value < 24) return Uint8Array.of(type | value);
  if (value < 256) return Uint8Array.of(type | 24, value);
  if (value < 65_536) return Uint8Array.of(type | 25, value >> 8, value & 255);
  return Uint8Array.of(type | 26, value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}

function integer(value: number): Uint8Array {
  return value < 0 ? head(1, -1 - value) : head(0, value);
}

function bytes(value: Uint8Array): Uint8Array {
  return join([head(2, value.length), value]);
}

function text(value: string): Uint8Array {
  const utf8 = new TextEncoder().encode(value);
  return join([head(3, utf8.length), utf8]);
}

function array(items: readonly Uint8Array[]): Uint8Array {
  return join([head(4, items.length), ...items]);
}

function map(entries: readonly (readonly [Uint8Array, Uint8Array])[]): Uint8Array {
  return join([head(5, entries.length), ...entries.flat()]);
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
