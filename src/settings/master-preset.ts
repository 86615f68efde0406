import { z } from 'zod';
import { hashOf } from './canonical-json.ts';
import { namesOf, type PresetKind, resolvePreset } from './preset-file.ts';
import { choice, count, flag, group, number } from './setting.ts';
import { parseSettings } from './settings-file.ts';

export const MASTER_FORMAT = 'reelmend-master/1';

export const MASTER_PRESETS: PresetKind = {
  title: 'Master preset',
  noun: 'master preset',
  format: MASTER_FORMAT,
  folder: ['pipelines', 'masters'],
};

const word = (meaning: string) => z.string({ error: 'a word' }).min(1, { error: 'a word' }).describe(meaning);
const pixelFormat = z
  .string({ error: 'ffmpeg’s name of a pixel format, such as "yuv422p10le"' })
  .regex(/^[a-z0-9]+$/, { error: 'ffmpeg’s name of a pixel format, such as "yuv422p10le"' });

const picture = group({
  codec: choice(
    ['prores', 'dnxhr', 'ffv1', 'h264', 'h265', 'jpeg2000', 'dpx', 'tiff'],
    'What the picture is coded in.',
  ),
  encoder: z.exactOptional(
    word(
      'ffmpeg’s encoder in place of the codec’s usual one, such as "h264_nvenc": used where this ffmpeg has it and it works.',
    ),
  ),
  profile: z.exactOptional(word('ProRes and DNxHR: ffmpeg’s name of the profile, such as "hq" or "dnxhr_hqx".')),
  rateFactor: z.exactOptional(number(0, 63, 'H.264 and H.265: constant quality, lower is better.')),
  speed: z.exactOptional(word('H.264 and H.265: the encoders’ own preset, such as "medium".')),
  samples: z
    .array(pixelFormat, { error: 'a list of pixel formats' })
    .describe('Pixel formats that may be written, the simplest first; none = the reel’s own samples.')
    .default([]),
  options: z
    .record(
      z.string().regex(/^[A-Za-z][\w:-]*$/, { error: 'the name of an option' }),
      z.union([z.string(), z.number()], { error: 'a word or a number' }),
      { error: 'ffmpeg’s options of the encoder, by name' },
    )
    .describe('Further options of ffmpeg’s for the encoder, by name.')
    .default({}),
});

const floors = group({
  psnr: number(10, 120, 'Least PSNR of any frame against the same frame of the reel, converted alike, dB.'),
  ssim: number(0, 1, 'Least SSIM of any frame against the same.'),
  why: word('Why the floors stand there.'),
});

/** What a master preset decides. */
const masterSchema = group({
  container: choice(
    ['mov', 'mp4', 'mkv', 'mxf', 'frames'],
    'The file that is written; "frames" is a folder of numbered stills.',
  ),
  review: flag(
    'True for copies to look at: light is shown as a screen shows it, and text, another size or a look may be asked for.',
  ).default(false),
  picture,
  sound: choice(
    ['pcm', 'flac', 'aac', 'none'],
    'What sound is written as. "pcm": PCM as it is, other codecs decoded to 24 bits. "flac": PCM packed without loss, other codecs as they are. "aac": AAC as it is, other codecs at 320 kbit/s.',
  ),
  soundRate: z.exactOptional(count(8000, 384000, 'The only sampling rate that is written, Hz; others are converted.')),
  floors: z
    .union([floors, z.null()], { error: 'an object with psnr, ssim and why, or null where every sample is kept' })
    .describe('What the written picture is held to; null = every sample.'),
});

/** How a finished reel becomes one deliverable. */
export interface MasterPreset extends Readonly<z.output<typeof masterSchema>> {
  readonly name: string;
  readonly description: string;
  /** SHA-256 of the settings' canonical JSON, lower-case hex. */
  readonly hash: string;
}

/**
 * Reads a master preset by its name in `pipelines/masters/`, or from a file of JSON.
 *
 * @throws PresetError that names the file, the setting, what was expected and what was found.
 */
export async function loadMaster(nameOrPath: string): Promise<MasterPreset> {
  const { file, name, description, settings } = await resolvePreset(MASTER_PRESETS, nameOrPath);
  const whole = parseSettings(MASTER_PRESETS.title, file, masterSchema, settings);
  return { ...whole, name, description, hash: hashOf(whole) };
}

/** The master presets that come with Reelmend, by name. */
export function masterNames(): Promise<string[]> {
  return namesOf(MASTER_PRESETS);
}
