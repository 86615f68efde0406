import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mappedPath, parsePathMaps } from '../../../src/farm/order/path-maps.ts';

let here: string;

beforeAll(async () => {
  here = await mkdtemp(join(tmpdir(), 'reelmend-maps-'));
  await mkdir(join(here, 'nas'));
  await writeFile(join(here, 'file'), '');
});
afterAll(() => rm(here, { recursive: true, force: true }));

describe('maps of paths', () => {
  it('are read as pairs of absolute folders, of which the second is here', async () => {
    const nas = join(here, 'nas');
    expect(await parsePathMaps([`/mnt/nas=${nas}/`, `Z:\\film=${nas}`, `\\\\server\\share=${nas}`], '--map')).toEqual([
      { from: '/mnt/nas', to: nas },
      { from: 'Z:\\film', to: nas },
      { from: '\\\\server\\share', to: nas },
    ]);
  });

  it('are split at the equals sign that an absolute path follows', async () => {
    expect(await parsePathMaps([`/mnt/a=b=${here}`], '--map')).toEqual([{ from: '/mnt/a=b', to: here }]);
  });

  it.each([
    [
      '/mnt/nas',
      'two absolute folders were expected, with an equals sign between them. Write it as --map /mnt/nas=Z:\\nas: first where the machine that submits sees the folder, then where it is here.',
    ],
    [
      'nas=/mnt/nas',
      'two absolute folders were expected, with an equals sign between them. Write it as --map /mnt/nas=Z:\\nas: first where the machine that submits sees the folder, then where it is here.',
    ],
    [
      '/mnt/nas=Z:\\nas',
      '"Z:\\nas" is a path of another system. Behind the equals sign name the folder as this machine sees it.',
    ],
    [
      '/mnt/nas=/nowhere/nas',
      'there is no folder "/nowhere/nas" here. Mount it first, or correct what is behind the equals sign.',
    ],
  ])('are refused where they are none: %s', async (text, why) => {
    await expect(parsePathMaps([text], '--map')).rejects.toThrow(`--map "${text}": ${why}`);
  });

  it('are refused where a file stands for a folder', async () => {
    const text = `/mnt/nas=${join(here, 'file')}`;
    await expect(parsePathMaps([text], '--map')).rejects.toThrow(
      `--map "${text}": "${join(here, 'file')}" is a file, not a folder. Mount it first, or correct what is behind the equals sign.`,
    );
  });

  it('are refused where one folder is mapped twice, however it is written', async () => {
    const texts = [`Z:\\NAS\\film=${here}`, `z:/nas/film/=${join(here, 'nas')}`];
    await expect(parsePathMaps(texts, '--map')).rejects.toThrow(
      `--map "${texts[1]}": "z:/nas/film/" is mapped already. Leave one of the two out.`,
    );
  });
});

describe('a mapped path', () => {
  it.each([
    ['/mnt/nas/reel/a.dpx', '/mnt/nas', '/data', '/data/reel/a.dpx'],
    ['/mnt/nas', '/mnt/nas/', '/data', '/data'],
    ['/mnt/nas/reel', '/', '/data', '/data/mnt/nas/reel'],
    ['/mnt/nas/reel/a.dpx', '/mnt/nas', 'Z:\\nas', 'Z:\\nas\\reel\\a.dpx'],
    ['/mnt/nas/reel', '/mnt/nas', '\\\\server\\share', '\\\\server\\share\\reel'],
    ['Z:\\nas\\Reel\\a.dpx', 'z:\\NAS', '/data', '/data/Reel/a.dpx'],
    ['z:/nas/reel', 'Z:\\', '/data', '/data/nas/reel'],
    ['z:/nas/reel', 'Z:', '/data', '/data/nas/reel'],
    ['\\\\Server\\Share\\reel', '\\\\server\\share', '/data', '/data/reel'],
    ['Z:\\nas\\reel', 'Z:\\nas', 'Y:\\', 'Y:\\reel'],
    ['/mnt/nas/./a/../b', '/mnt/nas', '/data', '/data/b'],
  ])('%s, with %s at %s, is %s', (path, from, to, expected) => {
    expect(mappedPath(path, [{ from, to }])).toBe(expected);
  });

  it.each([
    ['/mnt/nasty/reel', '/mnt/nas'],
    ['/mnt/nas/../other/reel', '/mnt/nas'],
    ['/MNT/nas/reel', '/mnt/nas'],
    ['restore', '/'],
    ['Y:\\nas\\reel', 'Z:\\nas'],
    ['/nas/reel', 'Z:\\nas'],
    ['\\\\server\\other\\reel', '\\\\server\\share'],
    ['z:reel', 'Z:\\'],
  ])('%s stays as it is with a map of %s', (path, from) => {
    expect(mappedPath(path, [{ from, to: '/data' }])).toBe(path);
  });

  it('follows the map with the longest folder, in whichever order they are given', () => {
    const maps = [
      { from: '/mnt', to: '/a' },
      { from: '/mnt/nas/fast', to: '/c' },
      { from: '/mnt/nas', to: '/b' },
    ];
    expect(mappedPath('/mnt/nas/fast/x', maps)).toBe('/c/x');
    expect(mappedPath('/mnt/nas/fast/x', maps.toReversed())).toBe('/c/x');
    expect(mappedPath('/mnt/nas/x', maps)).toBe('/b/x');
    expect(mappedPath('/mnt/x', maps)).toBe('/a/x');
  });
});
