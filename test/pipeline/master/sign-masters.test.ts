import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Of } from '../../../src/disk/sha256.ts';
import { shownPackets } from '../../../src/media/ffmpeg/packet-hashes.ts';
import { makeDevelopmentCertificate } from '../../../src/pipeline/credentials/development-certificate.ts';
import { pemSigner, signableOutput } from '../../../src/pipeline/credentials/sign-output.ts';
import { masterJob } from '../../../src/pipeline/master/master.ts';
import { parseMaster } from '../../../src/pipeline/master/master-request.ts';
import type { MasterSigning } from '../../../src/pipeline/master/sign-masters.ts';
import { runOptions } from '../../../src/pipeline/run-options.ts';
import { verifyOutput } from '../../../src/pipeline/verify/verify.ts';
import { ffmpeg, framemd5, make } from '../../media/lavfi.ts';
import { drawnLog, logText } from '../credentials/drawn-log.ts';

const folder = await mkdtemp(join(tmpdir(), 'reelmend-signed-masters-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const PRESETS = ['ffv1', 'prores-422-hq', 'dpx-10bit'];
const NAMES = ['restored_ffv1.mkv', 'restored_prores-422-hq.mov', 'restored_dpx-10bit'];
const HOLDS =
  /^The content credentials in .* hold\. Their signer says to be Development signer, Reelmend development, not to be trusted\.$/;

let signing: MasterSigning;
let outputHash: string;

const mastersOf = (out: string, signs: boolean) =>
  masterJob(
    parseMaster({ reel: at('restored.mkv'), presets: PRESETS, out: at(out), manifest: 'mhl' }),
    runOptions({}),
    signs ? { signing } : {},
  );
const verify = (path: string, report?: string) =>
  verifyOutput({ out: at(path), report: report && at(report) }, new AbortController().signal);

async function flip(path: string, share: number): Promise<void> {
  const bytes = await readFile(path);
  const k = Math.floor(share * bytes.length);
  bytes[k] = (bytes[k] as number) ^ 0xff;
  await writeFile(path, bytes);
}

/** Writes a movie that was restored in its second frame, and its log. */
async function restored(name: string): Promise<void> {
  await make('-f lavfi -i testsrc2=s=160x96:r=10 -t 0.5 -c:v ffv1 -pix_fmt gbrp10le', at(name));
  outputHash = sha256Of(await readFile(at(name)));
  const frames = (await shownPackets(at(name), ffmpeg)).map((sha256, frame) => ({ frame, sha256 }));
  await mkdir(at(`${name}.report`));
  const log = drawnLog(name, 'movie', outputHash, frames);
  await writeFile(at(`${name}.report/edit-log.jsonl`), logText(log));
}

beforeAll(async () => {
  await restored('restored.mkv');
  const { certificate, key } = await makeDevelopmentCertificate(at('certificate'));
  const signer = await pemSigner(certificate, key);
  signing = { signer, facts: (await signableOutput(at('restored.mkv'), undefined)).facts };
  await mastersOf('delivery', true);
});

describe('masters of a restored reel that are signed', () => {
  it('hold their credentials, or have them beside them, and are in the manifest as they are then', async () => {
    expect((await readdir(at('delivery'))).toSorted()).toEqual(
      ['ascmhl', ...NAMES, ...NAMES.map((name) => `${name}.json`), `${NAMES[0]}.c2pa`, `${NAMES[2]}.c2pa`].toSorted(),
    );
    for (const name of NAMES) {
      const { proved, faults } = await verify(`delivery/${name}`);
      expect(faults).toEqual([]);
      expect(proved[0]).toMatch(HOLDS);
      expect(proved).toContain(`They say that it is a master of "restored.mkv", SHA-256 ${outputHash}.`);
    }
    const again = await mastersOf('delivery', true);
    expect(again.masters.map(({ kept }) => kept)).toEqual([true, true, true]);
    expect(again.notes.filter((note) => /manifest/.test(note))).toEqual([]);
  });

  it('are held to the log of the reel that they were made of', async () => {
    for (const name of NAMES) {
      const { proved, faults, seal } = await verify(`delivery/${name}`, 'restored.mkv.report');
      expect(faults).toEqual([]);
      expect(proved.at(-1)).toBe('The log is of "restored.mkv", of which it is a master.');
      expect(seal).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it('were made without them first keep their frames when they are signed later, and are not made again', async () => {
    const plain = await mastersOf('later', false);
    const before = await framemd5(at(`later/${NAMES[1]}`), 'yuv422p10le');
    const signed = await mastersOf('later', true);
    expect(signed.masters.map(({ kept }) => kept)).toEqual([true, true, true]);
    expect(await framemd5(at(`later/${NAMES[1]}`), 'yuv422p10le')).toEqual(before);
    const [, was] = plain.masters;
    const [, is] = signed.masters;
    expect(is?.record.signed).toMatchObject({ bytes: was?.record.bytes, isInside: true });
    expect(is?.record.bytes).toBeGreaterThan(was?.record.bytes as number);
    expect((await verify(`later/${NAMES[1]}`)).faults).toEqual([]);
  });

  it('of which a run was killed between record and file are signed by the next', async () => {
    await mastersOf('killed', false);
    const unsigned = await readFile(at(`killed/${NAMES[1]}`));
    await mastersOf('killed', true);
    await writeFile(at(`killed/${NAMES[1]}`), unsigned);
    await mastersOf('killed', true);
    expect((await verify(`killed/${NAMES[1]}`)).proved[0]).toMatch(HOLDS);
  });

  it('do not hold once a byte is another', async () => {
    await flip(at(`delivery/${NAMES[0]}`), 0.5);
    await flip(at(`delivery/${NAMES[1]}`), 0.5);
    const [first = ''] = await readdir(at(`delivery/${NAMES[2]}`));
    await flip(at(`delivery/${NAMES[2]}/${first}`), 0.5);
    const bound = (name: string) =>
      `The content credentials in "${name}.c2pa" beside it are bound to another file, or this one was changed.`;
    expect((await verify(`delivery/${NAMES[0]}`)).faults).toEqual([bound(NAMES[0] as string)]);
    expect((await verify(`delivery/${NAMES[1]}`)).faults[0]).toMatch(
      /^The content credentials in the file do not hold: assertion\.bmffHash\.mismatch/,
    );
    expect((await verify(`delivery/${NAMES[2]}`)).faults).toEqual([bound(NAMES[2] as string)]);
  });
});
