import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Of } from '../../../src/disk/sha256.ts';
import { type Ffmpeg, findFfmpeg } from '../../../src/media/ffmpeg/ffmpeg.ts';
import { shownPackets } from '../../../src/media/ffmpeg/packet-hashes.ts';
import { makeDevelopmentCertificate } from '../../../src/pipeline/credentials/development-certificate.ts';
import { pemSigner, signOutput } from '../../../src/pipeline/credentials/sign-output.ts';
import { verifyOutput } from '../../../src/pipeline/verify/verify.ts';
import type { ClaimSigner } from '../../../src/provenance/c2pa/cose-sign.ts';
import { chained } from '../../../src/provenance/chain.ts';
import { drawnLog, logText } from './drawn-log.ts';

const SIGNER = 'Development signer, Reelmend development, not to be trusted';
const UNTRUSTED =
  'No list of trusted certificates was asked for that signer: who it is, is not proved. Compare the certificate.';

let place: string;
let ffmpeg: Ffmpeg;
let signer: ClaimSigner;
const at = (name: string) => join(place, name);
const verify = (name: string) => verifyOutput({ out: at(name) }, new AbortController().signal);

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'reelmend-sign-'));
  ffmpeg = await findFfmpeg();
  const { certificate, key } = await makeDevelopmentCertificate(at('certificate'));
  signer = await pemSigner(certificate, key);
});
afterAll(() => rm(place, { recursive: true, force: true }));

/** Draws five frames, one where the file holds one. */
function draw(path: string, codec: readonly string[]): void {
  const source = ['-f', 'lavfi', '-i', 'testsrc2=s=160x96:r=10'];
  execFileSync(ffmpeg.ffmpeg, ['-v', 'error', '-y', ...source, ...codec, path]);
}

/** Writes the log of an output that was restored with `enhance` in its second frame. */
async function logOf(...drawn: Parameters<typeof drawnLog>): Promise<void> {
  const [name] = drawn;
  await mkdir(at(`${name}.report`), { recursive: true });
  await writeFile(at(`${name}.report/edit-log.jsonl`), logText(drawnLog(...drawn)));
}

async function madeFile(name: string, codec: readonly string[]): Promise<string> {
  draw(at(name), codec);
  const packets = await shownPackets(at(name), ffmpeg);
  const frames = packets.map((sha256, frame) => ({ frame, sha256 }));
  await logOf(name, 'movie', sha256Of(await readFile(at(name))), frames);
  return at(name);
}

async function flip(path: string, share: number): Promise<void> {
  const bytes = await readFile(path);
  const k = Math.floor(share * bytes.length);
  bytes[k] = (bytes[k] as number) ^ 0xff;
  await writeFile(path, bytes);
}

const framesOf = (path: string) =>
  execFileSync(ffmpeg.ffmpeg, ['-v', 'error', '-i', path, '-map', '0:v', '-f', 'framemd5', '-']).toString();

const STILL = ['-frames:v', '1'];

describe('content credentials', () => {
  it.each([
    ['mp4', ['-t', '0.5', '-c:v', 'libx264'], 'assertion.bmffHash.mismatch'],
    ['mov', ['-t', '0.5', '-c:v', 'prores'], 'assertion.bmffHash.mismatch'],
    ['png', STILL, 'assertion.dataHash.mismatch'],
    ['jpg', STILL, 'assertion.dataHash.mismatch'],
    ['tif', STILL, 'assertion.dataHash.mismatch'],
  ])(
    'in a .%s are read back, leave every frame as it is, and do not hold once a byte is another',
    async (kind, codec, code) => {
      const name = `out.${kind}`;
      const path = await madeFile(name, codec);
      const before = framesOf(path);
      expect(await signOutput(path, undefined, signer)).toBe(path);
      expect(framesOf(path)).toBe(before);
      // No packet of a still tells its picture from the rest of its file: its credentials alone are read.
      if (codec === STILL) await rm(`${path}.report`, { recursive: true });
      const { proved, faults } = await verify(name);
      expect(faults).toEqual([]);
      expect(proved.slice(0, 2)).toEqual([
        `The content credentials in the file hold. Their signer says to be ${SIGNER}.`,
        UNTRUSTED,
      ]);
      if (codec !== STILL)
        expect(proved).toContain(`"${path}" is the file that was written, but for the credentials in it.`);
      await flip(path, 0.7);
      expect((await verify(name)).faults[0]).toMatch(
        new RegExp(`^The content credentials in the file do not hold: ${code.replaceAll('.', '\\.')}`),
      );
    },
  );

  it('lie beside a .mkv, bound to its bytes', async () => {
    const path = await madeFile('out.mkv', ['-t', '0.5', '-c:v', 'ffv1']);
    expect(await signOutput(path, undefined, signer)).toBe(`${path}.c2pa`);
    const { proved, faults } = await verify('out.mkv');
    expect(faults).toEqual([]);
    expect(proved[0]).toBe(
      `The content credentials in "out.mkv.c2pa" beside it hold. Their signer says to be ${SIGNER}.`,
    );
    await flip(path, 0.5);
    expect((await verify('out.mkv')).faults[0]).toBe(
      'The content credentials in "out.mkv.c2pa" beside it are bound to another file, or this one was changed.',
    );
  });

  it.each(['dpx', 'exr'])(
    'beside a folder of .%s are bound to its edit log, which has the hash of every file',
    async (kind) => {
      const folder = `frames-${kind}`;
      await mkdir(at(folder));
      const names = [`a.0001.${kind}`, `a.0002.${kind}`];
      for (const name of names) draw(at(`${folder}/${name}`), STILL);
      const files = await Promise.all(names.map((name) => readFile(at(`${folder}/${name}`))));
      const frames = names.map((name, k) => ({ frame: k, name, sha256: sha256Of(files[k] as Buffer) }));
      await logOf(folder, 'folder', sha256Of(Buffer.concat(files)), frames);
      expect(await signOutput(at(folder), undefined, signer)).toBe(at(`${folder}.c2pa`));
      expect((await verify(folder)).faults).toEqual([]);
      await flip(at(`${folder}/a.0002.${kind}`), 0.5);
      expect((await verify(folder)).faults).toEqual([
        `Frame 2 ("a.0002.${kind}") is not the frame that was written: its file was changed.`,
      ]);
    },
  );

  it('do not hold for a log that was written anew, chain and all', async () => {
    const path = await madeFile('forged.mkv', ['-t', '0.5', '-c:v', 'ffv1']);
    await signOutput(path, undefined, signer);
    const log = at('forged.mkv.report/edit-log.jsonl');
    const lines = (await readFile(log, 'utf8')).trimEnd().split('\n');
    const said = lines.map((line) => {
      const {
        line: _,
        previous: __,
        ...rest
      } = JSON.parse(line.replace('"enhance"', '"repair"')) as Record<string, unknown>;
      return rest;
    });
    await writeFile(log, chained(said));
    expect((await verify('forged.mkv')).faults).toEqual([
      'The content credentials were signed for another edit log, or this one was changed.',
    ]);
  });

  it('of which a byte is another do not hold', async () => {
    const path = await madeFile('side.mkv', ['-t', '0.5', '-c:v', 'ffv1']);
    await signOutput(path, undefined, signer);
    await flip(`${path}.c2pa`, 0.5);
    const { faults } = await verify('side.mkv');
    expect(faults.length).toBeGreaterThan(0);
    expect(faults[0]).toMatch(/^The content credentials /);
  });

  it('name what a network drew by the IPTC type for it, and the log', async () => {
    const path = await madeFile('named.mov', ['-t', '0.5', '-c:v', 'prores']);
    await signOutput(path, undefined, signer);
    const text = (await readFile(path)).toString('latin1');
    expect(text).toContain('http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia');
    expect(text).toContain('Faces restored with "enhance" in 1 of 5 frames.');
    expect(text).toContain(sha256Of(await readFile(at('named.mov.report/edit-log.jsonl'))));
  });

  it('are read where there is no log', async () => {
    const path = await madeFile('alone.mov', ['-t', '0.5', '-c:v', 'prores']);
    await signOutput(path, undefined, signer);
    await cp(path, at('copy.mov'));
    expect(await verify('copy.mov')).toMatchObject({ faults: [], seal: null });
  });

  it('are not signed for an output whose log does not hold', async () => {
    const path = await madeFile('broken.mkv', ['-t', '0.5', '-c:v', 'ffv1']);
    const log = at('broken.mkv.report/edit-log.jsonl');
    await writeFile(log, (await readFile(log, 'utf8')).replace('"enhance"', '"repair"'));
    await expect(signOutput(path, undefined, signer)).rejects.toThrow(
      `"${log}" is not signed, since it does not hold: Line 2 was changed after line 3 was written: it is not the line whose hash line 3 holds.`,
    );
  });
});

describe('a signer', () => {
  it('is refused where the key is not that of the certificate', async () => {
    const one = await makeDevelopmentCertificate(at('one'));
    const other = await makeDevelopmentCertificate(at('other'));
    await expect(pemSigner(one.certificate, other.key)).rejects.toThrow(
      `--sign "${one.certificate}" with --key "${other.key}": the key is not that of its first certificate.`,
    );
  });

  it('is refused where its certificate is its own issuer', async () => {
    const [cert, key] = [at('self.pem'), at('self.key')];
    const extensions = ['-addext', 'keyUsage=critical,digitalSignature', '-addext', 'extendedKeyUsage=emailProtection'];
    const made = ['-newkey', 'ed25519', '-nodes', '-subj', '/CN=self', '-keyout', key, '-out', cert];
    execFileSync('openssl', ['req', '-x509', ...made, ...extensions], { stdio: 'pipe' });
    await expect(pemSigner(cert, key)).rejects.toThrow(
      `--sign "${cert}" with --key "${key}": certificate issuer and subject cannot be the same (self-signed disallowed).`,
    );
  });

  it('is refused where its certificate is for another use', async () => {
    const made = [
      '-newkey',
      'ed25519',
      '-nodes',
      '-subj',
      '/CN=other',
      '-keyout',
      at('use.key'),
      '-out',
      at('use.csr'),
    ];
    execFileSync('openssl', ['req', ...made], { stdio: 'pipe' });
    await writeFile(at('use.ext'), 'basicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\n');
    const authority = ['-subj', '/CN=CA', '-keyout', at('use-ca.key'), '-out', at('use-ca.pem')];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ed25519', '-nodes', ...authority], { stdio: 'pipe' });
    const by = ['-CA', at('use-ca.pem'), '-CAkey', at('use-ca.key'), '-CAcreateserial', '-extfile', at('use.ext')];
    execFileSync('openssl', ['x509', '-req', '-in', at('use.csr'), ...by, '-out', at('use.pem')], { stdio: 'pipe' });
    await expect(pemSigner(at('use.pem'), at('use.key'))).rejects.toThrow(
      `--sign "${at('use.pem')}" with --key "${at('use.key')}": certificate missing required EKU.`,
    );
  });

  it.each([
    ['secp384r1', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp384r1']],
    ['ed25519', ['-newkey', 'ed25519']],
    ['rsa', ['-newkey', 'rsa:2048']],
  ])('signs with a key of the kind %s', async (kind, key) => {
    const [cert, secret] = [at(`${kind}.pem`), at(`${kind}.key`)];
    const [caCert, caKey] = [at(`${kind}-ca.pem`), at(`${kind}-ca.key`)];
    const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=CA', '-keyout', caKey, '-out', caCert);
    openssl('req', ...key, '-nodes', '-subj', '/O=Test/CN=signer', '-keyout', secret, '-out', at(`${kind}.csr`));
    const extensions = at(`${kind}.ext`);
    await writeFile(
      extensions,
      'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=emailProtection\n',
    );
    const by = ['-CA', caCert, '-CAkey', caKey, '-CAcreateserial', '-extfile', extensions];
    openssl('x509', '-req', '-in', at(`${kind}.csr`), ...by, '-out', cert);
    const path = await madeFile(`${kind}.mkv`, ['-t', '0.5', '-c:v', 'ffv1']);
    await signOutput(path, undefined, await pemSigner(cert, secret));
    expect((await verify(basename(path))).faults).toEqual([]);
  });
});
