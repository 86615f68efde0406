import { lengthOf } from '../../film/range.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { describeJob } from '../ffmpeg/job.ts';
import { type FileInfo, streamsOf } from '../ffmpeg/probe-streams.ts';
import { runJob } from '../ffmpeg/supervisor.ts';
import { unfinishedPath } from './encode-masters.ts';
import type { Master, MasterSource } from './master.ts';
import { packetSpans, type Span, sampleHashes, soundCoding } from './master-sound.ts';

/** How far sound may begin or end elsewhere where it is coded anew, seconds: a packet of AAC at 8 kHz, and a container's unit. */
const PACKET = 0.13;
/** How far it may begin elsewhere where its samples are what they were, seconds: a unit of Matroska's times, and its rounding. */
const UNIT = 0.002;

/**
 * What is wrong with a written master's sound, as ends of sentences: streams that are missing, of another codec, that lie elsewhere than
 * the reel's, or, where their coding loses nothing, with other samples.
 *
 * @param file what a probe found of it
 */
export async function soundFaults(
  { form, path }: Master,
  { sound, reel, range }: MasterSource,
  file: FileInfo,
  { ffmpeg, signal, work }: { readonly ffmpeg: Ffmpeg; readonly signal: AbortSignal; readonly work: string },
): Promise<string[]> {
  const streams = streamsOf(file, 'audio');
  const wanted = (sound?.streams ?? []).flatMap((stream) => soundCoding(form, stream) ?? []);
  if (streams.length !== wanted.length)
    return [`${wanted.length} sound streams were expected, it has ${streams.length}`];
  if (!sound || wanted.length === 0) return [];
  const written = unfinishedPath({ path }, work);
  const job = describeJob(ffmpeg.ffmpeg, {
    name: `Reading the sound of "${path}"`,
    inputs: [{ source: `file:${written}` }],
    outputs: [{ target: 'pipe:1', options: ['-map', '0:a', '-c', 'copy', '-f', 'framecrc'] }],
  });
  const spans = packetSpans((await runJob(job, { signal })).stdout);
  const exact = wanted.flatMap(({ exact }, k) => (exact && sound.samples.has(k) ? [k] : []));
  const samples = await sampleHashes(written, exact, { ffmpeg, signal });
  const seconds = (lengthOf(range) * reel.rate.den) / reel.rate.num;
  return wanted.flatMap((coding, k) => {
    const name = `sound stream ${k + 1}`;
    const due: Span = form.container === 'mxf' ? { start: 0, end: seconds } : (sound.spans[k] ?? NOTHING);
    const found = spans[k] ?? NOTHING;
    const codec = streams[k]?.codec_name ?? 'unknown';
    const isExact = exact.includes(k);
    return [
      ...(codec === coding.codec ? [] : [`${name} should be ${coding.codec} and is ${codec}`]),
      ...(Math.abs(found.start - due.start) <= (isExact ? UNIT : PACKET)
        ? []
        : [`${name} begins at ${found.start.toFixed(3)} s instead of ${due.start.toFixed(3)} s`]),
      // Where samples are counted, what a container says of the last packet's length tells nothing more.
      ...(isExact || Math.abs(found.end - due.end) <= PACKET
        ? []
        : [`${name} ends at ${found.end.toFixed(3)} s instead of ${due.end.toFixed(3)} s`]),
      ...(isExact && samples.get(k) !== sound.samples.get(k) ? [`the samples of ${name} are not the reel's`] : []),
    ];
  });
}

const NOTHING: Span = { start: 0, end: 0 };
