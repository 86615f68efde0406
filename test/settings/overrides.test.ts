import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_OVERRIDES, type Overrides, parseOverrides } from '../../src/settings/overrides.ts';
import { reelOf } from '../pipeline/reel-of.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-overrides-'));
});
afterAll(() => rm(folder, { recursive: true }));

const FORMAT = { format: 'reelmend-overrides/1' };
const FIVE = [10, 20, 30, 20, 20, 30, 12, 40, 28, 40];

async function parse(decisions: unknown): Promise<Overrides> {
  const file = join(folder, 'decided.json');
  await writeFile(file, JSON.stringify(decisions));
  return parseOverrides(file, reelOf());
}

describe('an overrides file', () => {
  it('is written in the reel’s own numbers and read in frames from 0, both ends of a holdout included', async () => {
    const overrides = await parse({
      ...FORMAT,
      cast: [
        { track: 'f1001', as: null },
        { frame: 1002, point: [960, 540], as: 'actor' },
      ],
      pins: [{ frame: 1100, five: FIVE, track: 'f1011' }],
      holdouts: [
        { in: 1001, out: 1001 },
        { in: 1010, out: 1019, box: [0, 0, 100, 50] },
      ],
    });
    expect(overrides).toEqual({
      cast: [
        { face: { track: 'f1001' }, as: null },
        { face: { frame: 1, point: [960, 540] }, as: 'actor' },
      ],
      pins: [{ frame: 99, five: FIVE, track: 'f1011' }],
      holdouts: [
        { in: 0, out: 1 },
        { in: 9, out: 19, box: [0, 0, 100, 50] },
      ],
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('without decisions equals none at all', async () => {
    expect(await parse(FORMAT)).toEqual(NO_OVERRIDES);
  });

  it('with another decision has another hash', async () => {
    const a = await parse({ ...FORMAT, cast: [{ track: 'f1001', as: null }] });
    const b = await parse({ ...FORMAT, cast: [{ track: 'f1001', as: 'actor' }] });
    expect(a.hash).not.toBe(b.hash);
  });

  it.each<[string, unknown, string]>([
    [
      'a frame outside the reel',
      { ...FORMAT, pins: [{ frame: 1000, five: FIVE }] },
      '"pins.0.frame" should be a frame of this reel, 1001 to 1100, but is 1000.',
    ],
    [
      'nine numbers for five points',
      { ...FORMAT, pins: [{ frame: 1001, five: FIVE.slice(1) }] },
      '"pins.0.five" should be ten numbers: x, y of the image-left eye, image-right eye, nose tip, image-left and image-right mouth corner, but is [20,30,20,20,30,12,40,28,40].',
    ],
    [
      'a decision about no face',
      { ...FORMAT, cast: [{ frame: 1001, as: 'actor' }] },
      '"cast.0" should be a decision with either "track", or "frame" and "point", but is {"frame":1001,"as":"actor"}.',
    ],
    [
      'a decision about two faces',
      { ...FORMAT, cast: [{ track: 'f1001', frame: 1001, point: [0, 0], as: 'actor' }] },
      '"cast.0" should be a decision with either "track", or "frame" and "point"',
    ],
    [
      'a decision without a person',
      { ...FORMAT, cast: [{ track: 'f1001' }] },
      '"cast.0.as" should be a person’s name, or null for nobody, but is missing.',
    ],
    [
      'a holdout that ends before it begins',
      { ...FORMAT, holdouts: [{ in: 1010, out: 1009 }] },
      '"holdouts.0.out" should be 1010 or more (the last frame held out), but is 1009.',
    ],
    ['a misspelt key', { ...FORMAT, hold: [] }, '"hold" is not a setting.'],
  ])('with %s is refused in one sentence', async (_, decisions, sentence) => {
    await expect(parse(decisions)).rejects.toThrow(`Overrides "${join(folder, 'decided.json')}": ${sentence}`);
  });
});
