import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFile, cp, mkdir, readdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { c4OfBytes } from '../../src/manifest/hash-formats.ts';
import { writeManifests } from '../../src/manifest/write-manifests.ts';
import { parseXml } from '../../src/manifest/xml.ts';
import { deliveryOf } from './temporary-folder.ts';
import { faultsByXsd } from './valid-mhl.ts';

const FILES = {
  'reel.mov': 'a movie',
  'frames/f 0001.dpx': 'one',
  'frames/f 0002.dpx': 'two',
  'a&b<c>"é.txt': 'notes',
};
const ODD = { 'back\\slash': '1', 'line\nfeed': '2', 'carriage\rreturn': '3', 'at its end\r': '4', ' blank ': '5' };
const REFERENCE = join(import.meta.dirname, '..', 'fixtures', 'mhl', 'reference', 'A002R2EC');

/** Path and action of each hash of the newest manifest, and by which formats. */
async function recordsOf(folder: string): Promise<readonly string[]> {
  const names = (await readdir(join(folder, 'ascmhl'))).filter((name) => name.endsWith('.mhl')).sort();
  const list = parseXml(await readFile(join(folder, 'ascmhl', names.at(-1) ?? ''), 'utf8'));
  const hashes = list.children.find(({ name }) => name === 'hashes')?.children ?? [];
  return hashes.map(({ children: [path, ...digests] }) =>
    [path?.text, ...digests.map(({ name, attributes }) => `${name} ${attributes.get('action')}`)].join(': '),
  );
}

async function historyFaults(folder: string): Promise<readonly string[]> {
  const names = await readdir(join(folder, 'ascmhl'));
  return (await Promise.all(names.map((name) => faultsByXsd(join(folder, 'ascmhl', name))))).flat();
}

describe('an ASC MHL history', () => {
  it('begins with a generation that the official schemas accept and that has every file as original', async () => {
    await using delivery = await deliveryOf({ ...FILES, '.DS_Store': 'x' });
    await utimes(join(delivery.path, 'reel.mov'), 1e9, 1e9);
    const written = await writeManifests(delivery.path);
    expect(written).toMatchObject({ generation: { number: 1 }, originals: 4, verified: 0, failed: [], missing: [] });
    expect(written.generation?.path).toMatch(/\/ascmhl\/0001_delivery_\d{4}-\d\d-\d\d_\d{6}Z\.mhl$/);
    expect(await historyFaults(delivery.path)).toEqual([]);
    expect(await recordsOf(delivery.path)).toEqual([
      'a&b<c>"é.txt: xxh64 original',
      'frames/f 0001.dpx: xxh64 original',
      'frames/f 0002.dpx: xxh64 original',
      'reel.mov: xxh64 original',
    ]);
    // xxh64 of "a movie" by the xxHash library.
    expect(await readFile(written.generation?.path ?? '', 'utf8')).toContain(
      '<path size="7" lastmodificationdate="2001-09-09T01:46:40Z">reel.mov</path>\n      <xxh64 action="original">0bbcbd661093ff28</xxh64>',
    );
  });

  it('goes on with a second generation in which files are verified, failed, original or reported missing', async () => {
    await using delivery = await deliveryOf(FILES);
    await writeManifests(delivery.path);
    await writeFile(join(delivery.path, 'frames/f 0001.dpx'), 'One');
    await rm(join(delivery.path, 'reel.mov'));
    await writeFile(join(delivery.path, 'frames/f 0003.dpx'), 'three');
    const written = await writeManifests(delivery.path);
    expect(written).toMatchObject({
      generation: { number: 2 },
      originals: 1,
      verified: 2,
      failed: ['frames/f 0001.dpx'],
      missing: ['reel.mov'],
    });
    expect(await recordsOf(delivery.path)).toEqual([
      'a&b<c>"é.txt: xxh64 verified',
      'frames/f 0001.dpx: xxh64 failed',
      'frames/f 0002.dpx: xxh64 verified',
      'frames/f 0003.dpx: xxh64 original',
    ]);
    expect(await historyFaults(delivery.path)).toEqual([]);
    const chain = parseXml(await readFile(join(delivery.path, 'ascmhl', 'ascmhl_chain.xml'), 'utf8'));
    expect(chain.children.map(({ attributes }) => attributes.get('sequencenr'))).toEqual(['1', '2']);
  });

  it('holds a file that failed to its first hash, so that the good one put back is verified', async () => {
    await using delivery = await deliveryOf(FILES);
    await writeManifests(delivery.path);
    await writeFile(join(delivery.path, 'reel.mov'), 'another');
    expect((await writeManifests(delivery.path)).failed).toEqual(['reel.mov']);
    expect((await writeManifests(delivery.path)).failed).toEqual(['reel.mov']);
    await writeFile(join(delivery.path, 'reel.mov'), FILES['reel.mov']);
    expect(await writeManifests(delivery.path)).toMatchObject({ generation: { number: 4 }, verified: 4, failed: [] });
  });

  it('goes on from the generation of another program, by its hashes and its patterns', async () => {
    await using delivery = await deliveryOf({});
    await cp(REFERENCE, delivery.path, { recursive: true });
    expect(await historyFaults(delivery.path)).toEqual([]);
    await appendFile(join(delivery.path, 'Sidecar.txt'), '!');
    const written = await writeManifests(delivery.path, { kinds: ['mhl'] });
    expect(written).toMatchObject({ generation: { number: 2 }, verified: 2, failed: ['Sidecar.txt'], missing: [] });
    expect(await recordsOf(delivery.path)).toEqual([
      'Clips/A002C006 & co.mov: md5 verified: xxh64 verified',
      'Clips/A002C007.mov: md5 verified: xxh64 verified',
      'Sidecar.txt: md5 failed: xxh64 failed',
    ]);
    expect(await historyFaults(delivery.path)).toEqual([]);
  });

  it('follows a file to the name that a generation says it has now', async () => {
    await using delivery = await deliveryOf(FILES);
    await writeManifests(delivery.path, { kinds: ['mhl'] });
    const { generation } = await writeManifests(delivery.path, { kinds: ['mhl'] });
    // The second generation as a program writes it that renamed the movie.
    await rename(join(delivery.path, 'reel.mov'), join(delivery.path, 'final.mov'));
    const manifest = await readFile(generation?.path ?? '', 'utf8');
    const renamed = manifest.replace(
      />reel\.mov(<\/path>\s*<xxh64.*<\/xxh64>)/,
      '>final.mov$1\n      <previousPath>reel.mov</previousPath>',
    );
    const chain = join(delivery.path, 'ascmhl', 'ascmhl_chain.xml');
    const links = await readFile(chain, 'utf8');
    await writeFile(generation?.path ?? '', renamed);
    await writeFile(chain, links.replace(c4OfBytes(Buffer.from(manifest)), c4OfBytes(Buffer.from(renamed))));
    expect(await historyFaults(delivery.path)).toEqual([]);
    expect(await writeManifests(delivery.path, { kinds: ['mhl'] })).toMatchObject({ verified: 4, missing: [] });
  });

  it.each([
    ['an altered manifest', (path: string) => appendFile(path, ' '), 'it does not match its c4 in "ascmhl_chain.xml"'],
    ['a lost manifest', (path: string) => rm(path), 'it is missing'],
  ])('is not continued from %s', async (_, damage, what) => {
    await using delivery = await deliveryOf(FILES);
    const { generation } = await writeManifests(delivery.path);
    await damage(generation?.path ?? '');
    await expect(writeManifests(delivery.path)).rejects.toThrow(
      `The ASC MHL history cannot be continued from "${generation?.path}": ${what}. Bring the folder "ascmhl" back from a copy, or move it away to begin a new history.`,
    );
    await rename(join(delivery.path, 'ascmhl'), join(delivery.path, '..', 'away'));
    expect(await writeManifests(delivery.path)).toMatchObject({ generation: { number: 1 } });
  });

  it('drops the manifest of its own broken-off run, and asks about one of another program', async () => {
    await using delivery = await deliveryOf(FILES);
    const { generation } = await writeManifests(delivery.path);
    const unlisted = join(delivery.path, 'ascmhl', '0002_delivery_2026-01-01_000000Z.mhl');
    await cp(generation?.path ?? '', unlisted);
    await writeManifests(delivery.path);
    expect((await readdir(join(delivery.path, 'ascmhl'))).filter((name) => name.startsWith('0002'))).toHaveLength(1);
    const foreign = unlisted.replace('0002', '0003');
    await writeFile(foreign, (await readFile(generation?.path ?? '', 'utf8')).replace('>reelmend<', '>another<'));
    await expect(writeManifests(delivery.path)).rejects.toThrow(
      `"${foreign}" is not listed in "ascmhl_chain.xml" beside it. Bring the chain back that lists it, or move the manifest out of the folder.`,
    );
    await rm(foreign);
    expect(await writeManifests(delivery.path)).toMatchObject({ generation: { number: 3 } });
  });

  it('refuses a folder with a history of its own inside, and what is no file, until a pattern leaves them out', async () => {
    await using delivery = await deliveryOf(FILES);
    const inside = join(delivery.path, 'frames');
    await writeManifests(inside, { kinds: ['mhl'] });
    await expect(writeManifests(delivery.path)).rejects.toThrow(
      `"${inside}" has an ASC MHL history of its own, which one of "${delivery.path}" cannot take over. Deliver to a folder without it, or leave it out by the pattern "/frames/".`,
    );
    await symlink('nowhere', join(delivery.path, 'link'));
    await expect(writeManifests(delivery.path, { ignore: ['/frames/'] })).rejects.toThrow(
      `"${join(delivery.path, 'link')}" is neither a file nor a folder, so no manifest can hold it. Remove it, or leave it out by the pattern "/link".`,
    );
    expect(await writeManifests(delivery.path, { ignore: ['/frames/', '/link'] })).toMatchObject({ originals: 2 });
    // The history keeps the patterns.
    expect(await writeManifests(delivery.path)).toMatchObject({ verified: 2, missing: [] });
  });

  it('says which name it cannot hold, and of an empty folder that there is nothing to hold', async () => {
    await using delivery = await deliveryOf({ 'bell\u0007.txt': 'x' });
    await expect(writeManifests(delivery.path)).rejects.toThrow(
      'The name "bell\\u0007.txt" has a character that no ASC MHL manifest can hold. Rename the file, or write only the list of SHA-256.',
    );
    await writeManifests(delivery.path, { kinds: ['sha256sum'] });
    await mkdir(join(delivery.path, 'empty'));
    const empty = join(delivery.path, 'empty');
    await expect(writeManifests(empty)).rejects.toThrow(
      `"${empty}" holds no files, so there is nothing to write a manifest of.`,
    );
  });
});

describe('a list of SHA-256', () => {
  it('is read by sha256sum -c, whatever a name is made of, and finds what was changed', async () => {
    await using delivery = await deliveryOf({ ...FILES, ...ODD });
    await writeManifests(delivery.path);
    const check = () =>
      execFileSync('sha256sum', ['-c', '--strict', 'SHA256SUMS'], { cwd: delivery.path, stdio: 'pipe' });
    expect(check().toString().match(/: OK$/gm)).toHaveLength(9);
    const sha256 = createHash('sha256').update('5').digest('hex');
    expect(await readFile(join(delivery.path, 'SHA256SUMS'), 'utf8')).toContain(`${sha256}   blank \n`);
    await writeFile(join(delivery.path, 'line\nfeed'), '3');
    expect(check).toThrow();
  });

  it('has the same names in the history beside it', async () => {
    await using delivery = await deliveryOf(ODD);
    await writeManifests(delivery.path);
    expect(await historyFaults(delivery.path)).toEqual([]);
    expect(await writeManifests(delivery.path)).toMatchObject({ verified: 5, originals: 0, missing: [] });
  });
});
