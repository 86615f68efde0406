import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rational } from '../../../../src/film/rational.ts';
import { probeReel } from '../../../../src/media/read/probe-reel.ts';
import { openMovieTarget } from '../../../../src/media/write/movie/movie-target.ts';
import { ffmpeg, framemd5, make, temporaryFolder } from '../../lavfi.ts';
import { FIRST, placeIn } from '../../write-take.ts';

const folder = await temporaryFolder();

interface Labels {
  readonly timecodes: readonly number[];
  readonly aspect?: readonly [width: number, height: number];
}

/** Three DPX frames whose headers state so much: eight decimal digits, of four bits each, of a timecode at 1920. */
async function scan(name: string, { timecodes, aspect = [1, 1] }: Labels): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  await make('-f lavfi -i testsrc2=s=64x48:r=24 -frames:v 3 -pix_fmt gbrp10be', join(path, 'scan.%04d.dpx'));
  for (const [k, timecode] of timecodes.entries()) {
    const file = join(path, `scan.000${k + 1}.dpx`);
    const plain = await readFile(file);
    // ffmpeg's encoder writes the generic header alone, of 1664 bytes.
    const bytes = Buffer.concat([plain.subarray(0, 1664), Buffer.alloc(384, 0xff), plain.subarray(1664)]);
    for (const [at, value] of [
      [4, 2048],
      [16, bytes.length],
      [808, 2048],
    ] as const)
      bytes.writeUInt32BE(value, at);
    bytes.writeUInt32BE(timecode, 1920);
    bytes.writeUInt32BE(aspect[0], 1628);
    bytes.writeUInt32BE(aspect[1], 1632);
    await writeFile(file, bytes);
  }
  return path;
}

describe('Timecode and pixel aspect of DPX files', () => {
  const labelled: Labels = { timecodes: [0x01_02_03_22, 0x01_02_03_23, 0x01_02_04_00], aspect: [1828, 914] };

  for (const extension of ['.mkv', '.mov']) {
    it(`are those of a movie that is made of them, in ${extension}`, async () => {
      const path = await scan(`labelled${extension}-scan`, labelled);
      const reel = await probeReel(path, { transfer: 'auto' }, ffmpeg);
      expect(reel).toMatchObject({ timecode: '01:02:03:22', pixelAspect: { num: 2, den: 1 } });
      const out = join(folder, `labelled${extension}`);
      const target = await openMovieTarget(reel, { out }, ffmpeg);
      await target.conform([await target.copyTake({ in: 0, out: 3 }, placeIn(`${out}.work`))], FIRST);
      expect(await probeReel(out, { transfer: 'auto' }, ffmpeg)).toMatchObject({
        timecode: '01:02:03:22',
        pixelAspect: { num: 2, den: 1 },
        frames: 3,
      });
      expect(target.notes.filter((note) => !/is converted/.test(note))).toEqual([]);
      if (extension === '.mkv') expect(await framemd5(out, 'gbrp10le')).toHaveLength(3);
    });
  }

  it('are known to drop frame numbers where the count from the first to the last frame does', async () => {
    const path = await scan('dropped', { timecodes: [0x01_00_59_28, 0x01_00_59_29, 0x01_01_00_02] });
    const options = { transfer: 'auto', rate: rational(30000, 1001) } as const;
    expect((await probeReel(path, options, ffmpeg)).timecode).toBe('01:00:59;28');
    // Where no number is dropped, nothing tells.
    const plain = await scan('not-dropped', { timecodes: [0x01_00_59_20, 0x01_00_59_21, 0x01_00_59_22] });
    expect((await probeReel(plain, options, ffmpeg)).timecode).toBe('01:00:59:20');
  });

  it('are left out where frames do not count on from the first, or a header has no number there', async () => {
    const numbers: readonly (readonly [name: string, labels: Labels])[] = [
      ['zero', { timecodes: [0, 0, 0] }],
      ['cut', { timecodes: [0x01_00_00_00, 0x01_00_00_01, 0x02_00_00_00] }],
      ['none', { timecodes: [0xffffffff, 0xffffffff, 0xffffffff], aspect: [0xffffffff, 0xffffffff] }],
      ['odd', { timecodes: [0x0a_00_00_00, 0x0a_00_00_01, 0x0a_00_00_02], aspect: [1, 900] }],
    ];
    for (const [name, labels] of numbers) {
      const reel = await probeReel(await scan(name, labels), { transfer: 'auto' }, ffmpeg);
      expect(reel.timecode, name).toBeUndefined();
      expect(reel.pixelAspect, name).toBeUndefined();
    }
  });
});
