import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePeople } from '../../../src/pipeline/request/person-stills.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-people-'));
  for (const name of ['a.png', 'b.png', 'x=y.png']) await writeFile(join(folder, name), '');
});
afterAll(() => rm(folder, { recursive: true }));

describe('stills on the command line', () => {
  it('belong to the person whose name stands before them, in the order given', () => {
    const [a, b] = ['a.png', 'b.png'].map((name) => join(folder, name));
    expect(parsePeople('--reference', [`Anna Li=${a}`, `${folder}`, `Anna Li=${b}`], 'restore')).toEqual([
      { name: 'Anna Li', paths: [a, b] },
      { name: 'actor', paths: [folder] },
    ]);
  });

  it('may have an equals sign in their path', () => {
    const odd = join(folder, 'x=y.png');
    expect(parsePeople('--find', [odd, `otto=${odd}`], 'find')).toEqual([
      { name: 'actor', paths: [odd] },
      { name: 'otto', paths: [odd] },
    ]);
  });
});

describe('frames of the reel on the command line', () => {
  it('stand beside stills of the same person, in the order given', () => {
    const a = join(folder, 'a.png');
    expect(parsePeople('--reference', ['reel:1043,1077', a, 'otto=reel:12', 'reel:1100'], 'restore')).toEqual([
      { name: 'actor', paths: [a], frames: [1043, 1077, 1100] },
      { name: 'otto', paths: [], frames: [12] },
    ]);
  });

  it('may be left to be chosen, but not as the person to find, nor beside numbers', () => {
    expect(parsePeople('--reference', ['reel:auto'], 'restore')).toEqual([
      { name: 'actor', paths: [], frames: 'auto' },
    ]);
    expect(() => parsePeople('--find', ['reel:auto'], 'find')).toThrow(/the person to find cannot be guessed/);
    expect(() => parsePeople('--reference', ['reel:5', 'reel:auto'], 'restore')).toThrow(/frames were given too/);
    expect(() => parsePeople('--reference', ['reel:auto', 'reel:5'], 'restore')).toThrow(/reel:1043,1077/);
    expect(() => parsePeople('--reference', ['reel:a-b'], 'restore')).toThrow(/frames of the reel were expected/);
  });
});
