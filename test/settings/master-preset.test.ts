import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { loadMaster, masterNames } from '../../src/settings/master-preset.ts';

const folder = await mkdtemp(join(tmpdir(), 'reelmend-master-preset-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function mine(settings: object): Promise<string> {
  const file = join(folder, 'mine.json');
  await writeFile(file, JSON.stringify({ format: 'reelmend-master/1', name: 'mine', ...settings }));
  return file;
}

describe('a master preset', () => {
  it('that comes with Reelmend has the name of its file, a sentence, and floors with a reason unless nothing is lost', async () => {
    for (const name of await masterNames()) {
      const preset = await loadMaster(name);
      expect(preset.name).toBe(name);
      expect(preset.description.length).toBeGreaterThan(20);
      const lossless = /^(ffv1|jpeg2000|dpx|tiff)$/.test(preset.picture.codec);
      expect(preset.floors === null, name).toBe(lossless);
      if (preset.floors) expect(preset.floors.why.length).toBeGreaterThan(20);
    }
  });

  it('states what differs from the one that it extends, as the example of docs/masters.md does', async () => {
    const text = await readFile(join(packageFolder(), 'docs', 'masters.md'), 'utf8');
    const example = JSON.parse(/```json\n(.*?)```/s.exec(text)?.[1] ?? '');
    const { picture, container, sound, floors } = await loadMaster(await mine(example));
    expect({ picture, container, sound, floors }).toMatchObject({
      picture: { codec: 'prores', profile: 'standard', samples: ['yuv422p10le'] },
      container: 'mov',
      sound: 'pcm',
      floors: { psnr: 34 },
    });
  });

  it.each<[string, object, string]>([
    [
      'a setting that is none',
      { extends: 'ffv1', crf: 18 },
      '"crf" is not a setting. Remove it, or correct its spelling.',
    ],
    [
      'an unknown codec',
      { extends: 'ffv1', picture: { codec: 'av1' } },
      '"picture.codec" should be "prores", "dnxhr", "ffv1", "h264", "h265", "jpeg2000", "dpx" or "tiff", but is "av1". Correct it there.',
    ],
    [
      'floors without a reason',
      { extends: 'ffv1', floors: { psnr: 30, ssim: 0.9 } },
      '"floors" should be an object with psnr, ssim and why, or null where every sample is kept, but is {"psnr":30,"ssim":0.9}. Correct it there.',
    ],
  ])('with %s is refused by its place', async (_, settings, message) => {
    const file = await mine(settings);
    await expect(loadMaster(file)).rejects.toThrow(`Master preset "${file}": ${message}`);
  });
});
