import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DpxLabels, dpxFile } from '../../samples/dpx-writer.ts';

const WIDTH = 61;
const HEIGHT = 37;
const labels: DpxLabels = {
  fileName: 'scan.1030.dpx',
  date: '2026:01:01:12:00:00:UTC',
  creator: 'a test',
  project: 'a project',
  copyright: 'none',
  inputDevice: 'a scanner',
  edgeCode: { maker: '02', type: '91', offset: '00', prefix: '123456', count: '0029' },
  slate: 'talking take 1',
  position: 29,
  length: 150,
  framesPerSecond: 24,
  timecode: [1, 2, 33, 23],
};

describe('a DPX file of the sample reel', () => {
  const codes = Uint16Array.from({ length: 3 * WIDTH * HEIGHT }, (_, i) => (i * 37) % 1024);
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reelmend-dpx-'));
    file = join(folder, 'scan.1030.dpx');
    await writeFile(file, dpxFile(codes, WIDTH, HEIGHT, labels));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is read by ffmpeg with every sample as it was written', () => {
    const planes = execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-f', 'rawvideo', 'pipe:1']);
    const read = new Uint16Array(planes.buffer, planes.byteOffset, planes.length / 2);
    const pixels = WIDTH * HEIGHT;
    const [g, b, r] = [0, 1, 2].map((k) => read.subarray(k * pixels, (k + 1) * pixels));
    expect([...(r ?? []), ...(g ?? []), ...(b ?? [])]).toEqual([...codes]);
  });

  it('tells ffprobe its size, samples and timecode', () => {
    const entries = 'stream=pix_fmt,width,height,sample_aspect_ratio:frame_tags=timecode';
    const told = execFileSync('ffprobe', [
      '-v',
      'error',
      '-show_entries',
      entries,
      '-show_frames',
      '-of',
      'json',
      file,
    ]);
    const { streams, frames } = JSON.parse(told.toString()) as {
      streams: Record<string, string>[];
      frames: { tags?: Record<string, string> }[];
    };
    expect(streams[0]).toMatchObject({
      pix_fmt: 'gbrp10le',
      width: WIDTH,
      height: HEIGHT,
      sample_aspect_ratio: '1:1',
    });
    expect(frames[0]?.tags?.['timecode']).toBe('01:02:33:23');
  });

  it('keeps creator, project, edge code, rate and slate where SMPTE 268M puts them', async () => {
    const bytes = await readFile(file);
    const text = (at: number, length: number) => bytes.toString('latin1', at, at + length).replace(/\0.*$/s, '');
    expect(text(0, 8)).toBe('SDPX');
    expect(bytes.readUInt32BE(16)).toBe(bytes.length);
    expect(text(36, 100)).toBe('scan.1030.dpx');
    expect(text(160, 100)).toBe('a test');
    expect(text(260, 200)).toBe('a project');
    expect(text(1664, 16)).toBe('0291001234560029');
    expect(text(1764, 100)).toBe('talking take 1');
    // ffmpeg's image reader takes the rate of a folder from its command line, so the header is read here.
    expect([bytes.readFloatBE(1724), bytes.readFloatBE(1940)]).toEqual([24, 24]);
  });

  it('refuses samples that do not fill the picture', () => {
    expect(() => dpxFile(new Uint16Array(10), WIDTH, HEIGHT, labels)).toThrow(
      `A ${WIDTH}×${HEIGHT} frame has ${3 * WIDTH * HEIGHT} samples; got 10.`,
    );
  });
});
