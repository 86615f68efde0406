import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { sha256Of } from '../../src/disk/sha256.ts';
import { assertCovered, readAuthorisation } from '../../src/settings/authorisation.ts';

const RECORD = JSON.parse(await readFile('samples/authorisation.json', 'utf8')) as Record<string, unknown>;
const TODAY = '2026-11-27';

/** It is no part of what Reelmend needs. */
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

const folders: string[] = [];
let file: string;
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reelmend-authorisation-'));
  folders.push(folder);
  file = join(folder, 'consent.json');
});
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

/** What reading a record with other fields comes to, or the error's sentence. */
async function readOf(changes: Readonly<Record<string, unknown>>, today = TODAY) {
  await writeFile(file, JSON.stringify({ ...RECORD, ...changes }));
  return readAuthorisation(file, '--authorisation', today);
}

const refusalOf = async (changes: Readonly<Record<string, unknown>>, today?: string) =>
  readOf(changes, today).then(
    () => 'nothing',
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe('a record of who allowed it', () => {
  it('says who is shown, who is put in, who allowed it, for what and until when, and is known by its bytes', async () => {
    const read = await readOf({});
    expect(read).toEqual({ ...RECORD, file, sha256: sha256Of(await readFile(file)) });
    expect(read.people).toEqual([{ name: 'anna', shown: 'Berta Beispiel, stand-in', putIn: 'Anna Exempel' }]);
  });

  it('holds on its first and its last day, and on no other side of them', async () => {
    await expect(readOf({}, '2026-03-02')).resolves.toBeDefined();
    await expect(readOf({}, '2027-03-01')).resolves.toBeDefined();
    expect(await refusalOf({}, '2027-03-02')).toBe(
      `UsageError: --authorisation "${file}" held until 2027-03-01, and today is 2027-03-02. Ask the estate of Anna Exempel, letter of 2 March 2026 for a record that holds longer.`,
    );
    expect(await refusalOf({}, '2026-03-01')).toBe(
      `UsageError: --authorisation "${file}" holds from 2026-03-02 on, and today is 2026-03-01. Wait until then, or ask the estate of Anna Exempel, letter of 2 March 2026 for a record that holds today.`,
    );
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['another format', { format: 'x/1' }, '"format" should be "reelmend-authorisation/1", but is "x/1"'],
    [
      'nobody',
      { people: [] },
      '"people" should be a list of at least one person with "name", "shown" and "putIn", but is []',
    ],
    [
      'a person without a name',
      { people: [{ shown: 'Berta', putIn: 'Anna' }] },
      '"people.0.name" should be the name that --reference and --find give the person, such as "anna", but is missing',
    ],
    [
      'nobody who is seen',
      { people: [{ name: 'anna', shown: ' ', putIn: 'Anna' }] },
      '"people.0.shown" should be who is seen in the reel, such as "Berta Beispiel, stand-in", but is " "',
    ],
    [
      'nobody who is put in',
      { people: [{ name: 'anna', shown: 'Berta' }] },
      '"people.0.putIn" should be whose face is put in, such as "Anna Exempel"; "nobody" for one that is no person’s, but is missing',
    ],
    [
      'nobody who allowed it',
      { allowedBy: undefined },
      '"allowedBy" should be who allowed it, such as "the estate of Anna Exempel", but is missing',
    ],
    ['no purpose', { purpose: 7 }, '"purpose" should be what it is allowed for, in words, but is 7'],
    ['no end', { until: undefined }, '"until" should be a day such as "2026-12-31", but is missing'],
    [
      'a day that there is not',
      { until: '2026-02-30' },
      '"until" should be a day such as "2026-12-31", but is "2026-02-30"',
    ],
    ['a day written otherwise', { from: '2.3.2026' }, '"from" should be a day such as "2026-12-31", but is "2.3.2026"'],
    [
      'a reel without a name',
      { reel: '' },
      '"reel" should be the name of the reel’s file or folder, such as "film.mov", but is ""',
    ],
  ])('is refused with %s', async (_, changes, fault) => {
    expect(await refusalOf(changes)).toBe(`UsageError: --authorisation "${file}": ${fault}. Correct it there.`);
  });

  it('is refused with a field that it does not know, where there is none, and where it is no JSON', async () => {
    expect(await refusalOf({ untl: '2026-12-31' })).toBe(
      `UsageError: --authorisation "${file}": "untl" is not a setting. Remove it, or correct its spelling.`,
    );
    await rm(file);
    expect(() => readAuthorisation(file, '--authorisation', TODAY)).toThrow(
      `--authorisation "${file}" cannot be read: no such file. Check the path.`,
    );
    await writeFile(file, '{');
    expect(() => readAuthorisation(file, '--authorisation', TODAY)).toThrow(
      /^--authorisation ".*consent\.json" is not valid JSON: .+\. Correct it there; "reelmend restore --help" shows a whole one\.$/,
    );
  });

  it('covers the people and the reel that it names, and no others', async () => {
    const record = await readOf({});
    const cover = (people: string[], reel?: string) => () =>
      assertCovered(record, { people, ...(reel ? { reel } : {}) }, '--authorisation');
    expect(cover(['anna'])).not.toThrow();
    expect(cover(['anna'], 'film.mov')).not.toThrow();
    expect(cover(['anna', 'otto'])).toThrow(
      `--authorisation "${file}" is for "anna", and not for "otto", whose face would be put in. Ask the estate of Anna Exempel, letter of 2 March 2026 for a record that names "otto", or leave that person’s stills out.`,
    );
    expect(cover(['anna'], 'other.mov')).toThrow(
      `--authorisation "${file}" is for the reel "film.mov", and this one is "other.mov". Ask the estate of Anna Exempel, letter of 2 March 2026 for a record that names this reel, or give that one.`,
    );
    const anyReel = await readOf({ reel: undefined });
    expect(() => assertCovered(anyReel, { people: ['anna'], reel: 'other.mov' }, '--authorisation')).not.toThrow();
  });
});

describe('a signature beside it', () => {
  it('is checked by the key beside it, whose print is told', async () => {
    await readOf({});
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    await writeFile(`${file}.sig`, sign(null, await readFile(file), privateKey));
    expect(() => readAuthorisation(file, '--authorisation', TODAY)).toThrow(
      `--authorisation "${file}": there is a signature "${file}.sig", but not the key to check it by. Put the signer’s public key beside it as "${file}.pub", or take the signature away.`,
    );
    await writeFile(`${file}.pub`, publicKey.export({ type: 'spki', format: 'pem' }));
    const { signedBy } = readAuthorisation(file, '--authorisation', TODAY);
    expect(signedBy).toBe(sha256Of(publicKey.export({ type: 'spki', format: 'der' })));
  });

  it('is refused of a file that was changed, and by a key that is none', async () => {
    await readOf({});
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    await writeFile(`${file}.sig`, sign(null, await readFile(file), privateKey));
    await writeFile(`${file}.pub`, publicKey.export({ type: 'spki', format: 'pem' }));
    expect(await refusalOf({ until: '2028-03-01' })).toBe(
      `UsageError: --authorisation "${file}": the signature "${file}.sig" is not one of this file by the key "${file}.pub": the file was changed after it was signed, or another key signed it. Get file, signature and key anew from the signer.`,
    );
    await writeFile(`${file}.pub`, 'no key');
    expect(await refusalOf({})).toBe(
      `UsageError: --authorisation "${file}": "${file}.pub" is no public Ed25519 key in PEM. Write it by "openssl pkey -in key.pem -pubout -out ${file}.pub".`,
    );
  });

  it.skipIf(!hasOpenssl)('may be made by the commands that docs/swap.md gives', async () => {
    await readOf({});
    const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
    const key = `${file}.key`;
    openssl('genpkey', '-algorithm', 'ed25519', '-out', key);
    openssl('pkey', '-in', key, '-pubout', '-out', `${file}.pub`);
    openssl('pkeyutl', '-sign', '-inkey', key, '-rawin', '-in', file, '-out', `${file}.sig`);
    expect(readAuthorisation(file, '--authorisation', TODAY).signedBy).toMatch(/^[0-9a-f]{64}$/);
  });
});
