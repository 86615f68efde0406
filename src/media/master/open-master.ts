import { join } from 'node:path';
import { OutputError } from '../../disk/output-error.ts';
import { describeHdr10 } from '../../film/hdr.ts';
import { reelStem } from '../../film/reel-name.ts';
import { pictureBytes } from '../../film/sample-format.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { isVariableRate } from '../read/frame-rate.ts';
import { codedPicture, isInterlaced, takeCoding } from '../write/movie/take-coding.ts';
import { burnedLabels } from './burn-in.ts';
import type { Master, MasterSource } from './master.ts';
import { masterCodec, masterFormat } from './master-codec.ts';
import { extensionOf, type MasterForm, type ReviewLook } from './master-form.ts';
import { shownPicture } from './shown-picture.ts';

/**
 * A master of a reel, before it is written.
 *
 * @param folder where it goes
 * @throws OutputError where its codec could hold the picture only by damaging it, or this ffmpeg cannot write it
 */
export async function openMaster(
  form: MasterForm,
  look: ReviewLook,
  { source, folder }: { readonly source: Pick<MasterSource, 'reel' | 'range' | 'timecode'>; readonly folder: string },
  ffmpeg: Ffmpeg,
): Promise<Master> {
  const codec = masterCodec(form);
  if (form.container === 'mxf' && isVariableRate(source.reel)) {
    throw new OutputError(
      form.name,
      `Master "${form.name}" holds one rate for all frames, and those of "${source.reel.path}" are shown for different times. Take a master in QuickTime or Matroska.`,
    );
  }
  const shown = shownPicture(source.reel, form, look);
  const coded = await masterFormat(form, codec, codedPicture(shown.reel), ffmpeg);
  const fields = isInterlaced(shown.reel) ? ({ byField: true } as const) : {};
  const coding = { ...takeCoding(shown.reel, codec, coded), ...fields };
  const labels = form.review
    ? burnedLabels(look.burnIn, { ...source, reel: shown.reel })
    : { filters: [], files: new Map<string, string>() };
  const stem = reelStem(source.reel);
  const name = form.container === 'frames' ? `${stem}_${form.name}` : `${stem}_${form.name}${extensionOf(form)}`;
  return {
    form,
    path: join(folder, name),
    coding,
    shown: shown.filters,
    labels: labels.filters,
    files: new Map([...shown.files, ...labels.files]),
    notes: [
      ...(coded.note === undefined ? [] : [coded.note]),
      ...shown.notes.map((sentence) => `${form.name}: ${sentence}`),
      ...(shown.reel.kind === 'movie' && shown.reel.hdr10 && !codec.hdr10
        ? [`${form.name} is written without the reel's ${describeHdr10(shown.reel.hdr10)}.`]
        : []),
      ...(isInterlaced(source.reel) && !codec.interlaced && form.container !== 'frames'
        ? [`${form.name} codes whole frames: its fields lie in them line by line.`]
        : []),
    ],
  };
}

/** Bytes that a master will take, roughly. */
export function estimatedBytes({ coding: { codec, reel, coded } }: Master, frames: number): number {
  const raw = pictureBytes(reel.format, reel.width, reel.height);
  const pixels = reel.width * reel.height;
  const bytes = /^(dpx|tiff)$/.test(codec.codec)
    ? pixels * codec.bytesPerPixel + 2048
    : codec.lossless
      ? raw * 0.6
      : pixels * codec.bytesPerPixel * (/444/.test(coded.pixelFormat) ? 1.6 : 1);
  return frames * bytes;
}
