import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeFolder, writeDurably } from '../../../src/disk/durable.ts';
import { spreadPairs } from '../../../src/pipeline/evidence/pictures.ts';
import { evidenceIn, type FinishedTake } from '../../../src/pipeline/work/take-folders.ts';
import { takeRecord } from '../../../src/pipeline/work/take-record.ts';
import { castTrack, REPAIR } from '../cast-tracks.ts';
import { trackOf } from '../face-tracks.ts';

const HASH = '0'.repeat(64);
const NONE = { key: HASH, content: HASH, sha256: HASH, device: 'cpu', seconds: 1, sides: [], notes: [] };

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'reelmend-pairs-'));
});
afterAll(() => rm(root, { recursive: true }));

/** A finished take of ten frames whose face, pictured in its fifth frame, was changed by so many levels. */
async function takeOf(from: number, change: number): Promise<FinishedTake> {
  const folder = join(root, String(from));
  await makeFolder(evidenceIn(folder));
  const png = await sharp({ create: { width: 2, height: 2, channels: 3, background: '#888' } })
    .png()
    .toBuffer();
  for (const which of ['before', 'after']) await writeDurably(join(evidenceIn(folder), `0-${which}.png`), png);
  const range = { in: from, out: from + 10 };
  const frame = (at: number, of: number) => ({
    ...{ frame: at, luma: [0, 0], sharpness: [0, 0], flicker: null, change: of },
  });
  return {
    record: takeRecord({ ...NONE, ...range, shot: 0, restored: 10 }),
    faces: {
      recogniser: null,
      faces: [
        {
          // Frames that are not pictured were changed by more: they do not count.
          restored: [frame(from + 4, 50), frame(from + 5, change)] as FinishedTake['faces']['faces'][0]['restored'],
          ...{ refused: [], embeddings: [], pair: from + 5, sheets: [] },
        },
      ],
    },
    segment: { ...range, folder, sha256: HASH },
  };
}

it('the pairs of a report begin with the face that was changed most', async () => {
  const takes = [await takeOf(0, 2), await takeOf(10, 9), await takeOf(20, 5)];
  const pairs = await spreadPairs(takes, [castTrack(REPAIR, {}, trackOf('t1', 0, 30))]);
  expect(pairs.map(({ frame }) => frame)).toEqual([15, 25, 5]);
});
