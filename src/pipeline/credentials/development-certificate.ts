import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { makeFolder } from '../../disk/durable.ts';
import { UsageError } from '../../settings/usage-error.ts';

/** Days for which it holds. */
const DAYS = '365';
const AUTHORITY = '/O=Reelmend development, not to be trusted/CN=Development authority';
const SIGNER = '/O=Reelmend development, not to be trusted/CN=Development signer';

/** What C2PA asks of a signer's certificate. */
const EXTENSIONS = `basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=emailProtection
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
`;

/**
 * Makes a certificate and a key to try signing with, `cert.pem` and `key.pem` in `folder`. Its names say what it is, and nobody vouches
 * for it: the key of the authority that signed it is thrown away.
 *
 * @throws UsageError where the files are there, or openssl is not
 */
export async function makeDevelopmentCertificate(folder: string): Promise<{ certificate: string; key: string }> {
  const place = resolve(folder);
  await makeFolder(place);
  const [certificate, key] = [join(place, 'cert.pem'), join(place, 'key.pem')];
  const work = await mkdtemp(join(tmpdir(), 'reelmend-certificate-'));
  const at = (name: string) => join(work, name);
  try {
    await writeFile(at('extensions'), EXTENSIONS);
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const authority = ['-x509', '-days', DAYS, '-subj', AUTHORITY, '-addext', 'keyUsage=critical,keyCertSign,cRLSign'];
    await openssl(['req', ...curve, ...authority, '-keyout', at('authority.key'), '-out', at('authority.pem')]);
    await openssl(['req', ...curve, '-subj', SIGNER, '-keyout', at('key.pem'), '-out', at('request')]);
    const by = ['-CA', at('authority.pem'), '-CAkey', at('authority.key'), '-CAcreateserial', '-days', DAYS];
    await openssl(['x509', '-req', '-in', at('request'), ...by, '-extfile', at('extensions'), '-out', at('cert.pem')]);
    const write = async (path: string, from: string, mode: number) =>
      writeFile(path, await readFile(from), { mode, flag: 'wx' }).catch((cause: unknown) => {
        throw new UsageError(`"${path}" cannot be written: ${(cause as Error).message}. Give a folder without it.`, {
          cause,
        });
      });
    await write(key, at('key.pem'), 0o600);
    await write(certificate, at('cert.pem'), 0o644);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return { certificate, key };
}

async function openssl(args: readonly string[]): Promise<void> {
  await promisify(execFile)('openssl', [...args]).catch((cause: NodeJS.ErrnoException & { stderr?: string }) => {
    if (cause.code === 'ENOENT') {
      throw new UsageError(
        'A development certificate is made by openssl, which is not installed: sudo apt-get install openssl, or give a certificate of your own.',
        { cause },
      );
    }
    throw new Error(`openssl ${args[0]} failed: ${cause.stderr ?? cause.message}`, { cause });
  });
}
