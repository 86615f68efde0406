import { readFile, stat } from 'node:fs/promises';
import type { FrameRange } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import { frameTimecode } from '../../film/reel.ts';
import { advanceTimecode } from '../../film/timecode.ts';
import type { Ffmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { type FileInfo, probeStreams, streamsOf } from '../../media/ffmpeg/probe-streams.ts';
import { encoderOptions } from '../../media/master/hardware-encoders.ts';
import type { Master } from '../../media/master/master.ts';
import type { ReviewLook } from '../../media/master/master-form.ts';
import { openMaster } from '../../media/master/open-master.ts';
import { reelNameOf } from '../../media/master/verify-master.ts';
import { hashOf } from '../../settings/canonical-json.ts';
import { loadMaster, type MasterPreset } from '../../settings/master-preset.ts';
import { UsageError } from '../../settings/usage-error.ts';
import type { MasterJob } from './master-request.ts';

/** A master as this run is to make it. */
export interface PlannedMaster {
  readonly preset: MasterPreset;
  readonly master: Master;
  /** See `MasterRecord`. */
  readonly key: string;
}

/** The masters of a run, and what they are made of. */
export interface MasterPlan {
  readonly masters: readonly PlannedMaster[];
  readonly file: FileInfo | undefined;
  readonly timecode: string | undefined;
  readonly reelName: string | undefined;
  /** The file whose sound is carried; undefined where there is none. */
  readonly sound: { readonly path: string; readonly own: boolean } | undefined;
  readonly notes: readonly string[];
}

/**
 * Plans the masters of a reel.
 *
 * @param print what tells the reel's content
 * @throws UsageError for an option that belongs to none of the presets, PresetError, OutputError
 */
export async function planMasters(
  job: MasterJob,
  presets: readonly MasterPreset[],
  { reel, range, print }: { readonly reel: Reel; readonly range: FrameRange; readonly print: string },
  { ffmpeg, signal }: { readonly ffmpeg: Ffmpeg; readonly signal: AbortSignal },
): Promise<MasterPlan> {
  const file = reel.kind === 'movie' ? await probeStreams(reel.path, ffmpeg, signal) : undefined;
  const timecode =
    job.timecode === undefined
      ? (frameTimecode(reel, range.in) ?? undefined)
      : (advanceTimecode(job.timecode, range.in, reel.rate) ?? undefined);
  if (job.burnIn.includes('timecode') && timecode === undefined) {
    throw new UsageError(
      `${job.name('burnIn')} timecode: "${reel.path}" has none. Add ${job.name('timecode')}, or burn in the frame's number.`,
    );
  }
  const reelName = job.reelName ?? (file && reelNameOf(file));
  const lut = job.lut === undefined ? undefined : await readLut(job.lut, job.name('lut'));
  const look: ReviewLook = { burnIn: job.burnIn, scale: job.scale, pad: job.pad, lut };
  const sound = await soundOf(job, file, { ffmpeg, signal });
  const place = { source: { reel, range, timecode }, folder: job.out };
  const masters: PlannedMaster[] = [];
  for (const preset of presets) {
    const master = await openMaster(preset, look, place, ffmpeg);
    const key = hashOf({
      print,
      preset: preset.hash,
      range,
      transfer: reel.transfer,
      rate: reel.rate,
      layer: job.layer,
      timecode,
      reelName,
      look: preset.review ? look : null,
      sound: sound ? { own: sound.own, of: sound.print } : null,
      ffmpeg: ffmpeg.version,
    });
    masters.push({ preset, master, key });
  }
  return { masters, file, timecode, reelName, sound, notes: masters.flatMap(({ master }) => master.notes) };
}

/** The presets of a job; its encoder in place of that of those that it fits. @throws UsageError, PresetError */
export async function presetsOf(job: MasterJob): Promise<MasterPreset[]> {
  const presets = await Promise.all(job.presets.map((name) => loadMaster(name)));
  const twice = presets.find((preset, k) => presets.findIndex((one) => one.name === preset.name) < k);
  if (twice) throw new UsageError(`Two of the presets are called "${twice.name}". Give one of them another "name".`);
  const odd = presets.find((preset) => !/^[\w.-]{1,64}$/.test(preset.name));
  if (odd)
    throw new UsageError(
      `The preset's name "${odd.name}" is to be a part of a file's name. Use letters, digits, - and _.`,
    );
  assertLooks(job, presets);
  const { encoder } = job;
  if (encoder === undefined) return presets;
  const codec = /^h264_/.test(encoder) ? 'h264' : /^hevc_/.test(encoder) ? 'h265' : undefined;
  if (codec === undefined || !presets.some(({ picture }) => picture.codec === codec)) {
    throw new UsageError(
      `${job.name('encoder')} ${encoder} belongs to none of ${presets.map(({ name }) => name).join(', ')}. Encoders of H.264 are called h264_…, those of H.265 hevc_…; leave it out, or add such a preset.`,
    );
  }
  return presets.map((preset) => {
    if (preset.picture.codec !== codec) return preset;
    const options = { ...encoderOptions(encoder, preset.picture), ...preset.picture.options };
    const picture = { ...preset.picture, encoder, options };
    return { ...preset, picture, hash: hashOf([preset.hash, encoder]) };
  });
}

/** Refuses what is asked of copies to look at where none is made. */
function assertLooks(job: MasterJob, presets: readonly MasterPreset[]): void {
  if (presets.some(({ review }) => review)) return;
  const asked = (
    [
      ['burnIn', job.burnIn.length > 0],
      ['scale', job.scale !== undefined],
      ['pad', job.pad],
      ['lut', job.lut !== undefined],
    ] as const
  ).find(([, given]) => given)?.[0];
  if (asked === undefined) return;
  throw new UsageError(
    `${job.name(asked)} is for copies to look at, and ${presets.map(({ name }) => name).join(', ')} ${presets.length === 1 ? 'is' : 'are'} not. Add ${job.name('presets')} review-h264, or leave it out.`,
  );
}

async function readLut(path: string, name: string): Promise<string> {
  const text = await readFile(path, 'latin1').catch((cause: unknown) => {
    throw new UsageError(
      `${name} "${path}" cannot be read (${(cause as NodeJS.ErrnoException).code}). Check the path.`,
    );
  });
  if (/^\s*LUT_[13]D_SIZE\s+\d+/m.test(text)) return text;
  throw new UsageError(`${name} "${path}" is not a .cube file: it states neither LUT_1D_SIZE nor LUT_3D_SIZE.`);
}

async function soundOf(
  { sound, reel, name }: MasterJob,
  file: FileInfo | undefined,
  { ffmpeg, signal }: { readonly ffmpeg: Ffmpeg; readonly signal: AbortSignal },
) {
  if (sound.kind === 'none') return undefined;
  if (sound.kind === 'copy') {
    return file && streamsOf(file, 'audio').length > 0 ? { path: reel, own: true, print: '' } : undefined;
  }
  const found = await stat(sound.path).catch(() => null);
  if (!found?.isFile())
    throw new UsageError(`${name('sound')} "${sound.path}" is not a file. Give copy, none, or a file with sound.`);
  const probed = await probeStreams(sound.path, ffmpeg, signal).catch(() => null);
  if (!probed || streamsOf(probed, 'audio').length === 0) {
    throw new UsageError(
      `${name('sound')} "${sound.path}" has no sound that ffmpeg can read. Give copy, none, or a file with sound.`,
    );
  }
  return { path: sound.path, own: false, print: `${found.size} ${found.mtimeMs}` };
}
