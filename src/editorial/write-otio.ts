import { type FrameRange, lengthOf } from '../film/range.ts';
import { toNumber } from '../film/rational.ts';
import type { Reel } from '../film/reel.ts';
import { numberedName, reelFileName, reelStem } from '../film/reel-name.ts';
import { timecodeCount } from '../film/timecode.ts';
import { type FoundShot, type FoundShots, MARKER_COLOURS, type ShotMarker } from './found-shots.ts';
import { editorialStart } from './reel-source.ts';

/**
 * Shots as an OpenTimelineIO timeline (Timeline.1 with Clip.2 and Marker.2) that is as long as the reel's listed part: a clip a shot, a
 * gap where none lies, a marker for each face that was restored and for what a person should look at. Facts are in
 * `metadata.reelmend.found`.
 */
export function writeOtio({ reel, shots }: FoundShots): string {
  const time = timeOf(reel);
  const children: unknown[] = [];
  let at = shots[0]?.in ?? 0;
  for (const shot of shots) {
    if (shot.in > at) children.push(gap(shot.in - at, time));
    children.push(clip(shot, reel, time));
    at = shot.out;
  }
  const track = { ...item('Track.1', 'V1'), ...PLAIN, source_range: null, kind: 'Video', children };
  const tracks = { ...item('Stack.1', 'tracks'), ...PLAIN, source_range: null, children: [track] };
  const timeline = {
    ...item('Timeline.1', reelStem(reel)),
    global_start_time: time.at(shots[0]?.in ?? 0),
    tracks,
  };
  return `${JSON.stringify(timeline, null, 2)}\n`;
}

function item(schema: string, name: string, found?: unknown) {
  return { OTIO_SCHEMA: schema, metadata: found === undefined ? {} : { reelmend: { found } }, name };
}

const PLAIN = { effects: [], markers: [], enabled: true };

/** Frames of a reel as times of its media. */
interface MediaTime {
  /** Of a frame, counted from 0. */
  at(frame: number): unknown;
  range(frames: FrameRange): unknown;
  length(frames: number): unknown;
}

function timeOf(reel: Reel): MediaTime {
  const rate = toNumber(reel.rate);
  const zero = timecodeCount(editorialStart(reel), reel.rate) ?? 0;
  const length = (value: number) => ({ OTIO_SCHEMA: 'RationalTime.1', rate, value });
  const at = (frame: number) => length(zero + frame);
  const range = (frames: FrameRange) => ({
    OTIO_SCHEMA: 'TimeRange.1',
    duration: length(lengthOf(frames)),
    start_time: at(frames.in),
  });
  return { at, range, length };
}

function gap(frames: number, time: MediaTime): unknown {
  const range = { OTIO_SCHEMA: 'TimeRange.1', duration: time.length(frames), start_time: time.length(0) };
  return { ...item('Gap.1', ''), ...PLAIN, source_range: range };
}

function clip(shot: FoundShot, reel: Reel, time: MediaTime): unknown {
  const faces = shot.faces.map(({ in: from, out, ...face }) => ({
    ...face,
    first: reel.first + from,
    last: reel.first + out - 1,
  }));
  const found = { first: reel.first + shot.in, last: reel.first + shot.out - 1, faces };
  const restored = shot.faces.filter((face) => face.restorer !== null);
  return {
    ...item('Clip.2', shot.name, found),
    ...PLAIN,
    source_range: time.range(shot),
    markers: [
      ...restored.map(({ in: from, out, track, person, restorer, restored }) =>
        marker(
          `${person ?? track}: ${restorer}`,
          'GREEN',
          { in: from, out },
          { kind: 'restored', track, frames: restored },
          time,
        ),
      ),
      ...shot.markers.map((one) => marker(one.text, MARKER_COLOURS[one.kind], one, factsOf(one), time)),
    ],
    media_references: { DEFAULT_MEDIA: reference(reel, time) },
    active_media_reference_key: 'DEFAULT_MEDIA',
  };
}

function factsOf({ kind, track, value }: ShotMarker): Readonly<Record<string, unknown>> {
  return { kind, ...(track === undefined ? {} : { track }), ...(value === undefined ? {} : { value }) };
}

function marker(
  name: string,
  color: string,
  frames: FrameRange,
  facts: Readonly<Record<string, unknown>>,
  time: MediaTime,
): unknown {
  return {
    ...item('Marker.2', name),
    metadata: { reelmend: facts },
    color,
    marked_range: time.range(frames),
    comment: '',
  };
}

function reference(reel: Reel, time: MediaTime): unknown {
  const available_range = time.range({ in: 0, out: reel.frames });
  const common = { available_range, available_image_bounds: null };
  if (reel.kind === 'movie') {
    return { ...item('ExternalReference.1', reelFileName(reel)), ...common, target_url: urlOf(reel.path) };
  }
  const { folder, prefix, digits, suffix } = numberedName(reel) ?? { ...NO_NAME, folder: reel.path };
  return {
    ...item('ImageSequenceReference.1', reelFileName(reel)),
    ...common,
    target_url_base: `${urlOf(folder)}/`,
    name_prefix: prefix,
    name_suffix: suffix,
    start_frame: reel.first,
    frame_step: 1,
    rate: toNumber(reel.rate),
    frame_zero_padding: digits.length,
    missing_frame_policy: reel.files.includes(null) ? 'hold' : 'error',
  };
}

/** Of files whose number is not found in their names. */
const NO_NAME = { prefix: '', digits: '', suffix: '' };

/** A path as a `file:` URL (RFC 8089). */
function urlOf(path: string): string {
  const parts = path.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  return `file://${parts.startsWith('/') ? '' : '/'}${parts.replace(/^([A-Za-z])%3A/, '$1:')}`;
}
