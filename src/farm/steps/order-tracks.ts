import { addEveryFrame, type EveryFrame } from '../../carry/track/every-frame.ts';
import { addCounts, emptyCounts } from '../../carry/track/inference-counts.ts';
import { type FrameRange, lengthOf } from '../../film/range.ts';
import type { FoundTracks } from '../../pipeline/analysis/analyse.ts';
import { framesFound } from '../../pipeline/analysis/track-frames.ts';
import { passedShot } from '../../pipeline/analysis/track-range.ts';
import { joinedSpans, type SpanFindings } from '../../pipeline/analysis/track-spans.ts';
import { type KeptShot, type TrackingWork, trackedReelOf } from '../../pipeline/analysis/tracked-reel.ts';
import type { OrderSpan } from '../order/order.ts';

/** What is known of a span; `found` is null where it was given up. */
export interface TrackedSpan extends OrderSpan {
  readonly found: SpanFindings | null;
}

/**
 * The tracks of an order from those of its spans. Frames that nobody could track, since their span was given up, are shots without tracks.
 *
 * @param range all frames of the order
 * @param track tracks a part of it whose spans do not meet, which damaged frames may bring about
 */
export async function orderTracks(
  range: FrameRange,
  spans: readonly TrackedSpan[],
  track: (range: FrameRange) => Promise<SpanFindings>,
): Promise<FoundTracks> {
  const shots: KeptShot[] = [];
  const passed: FrameRange[] = [];
  const work: { frames: number; counts: TrackingWork['counts']; everyFrame: EveryFrame | null } = {
    frames: 0,
    counts: emptyCounts(),
    everyFrame: null,
  };
  const pass = (part: FrameRange) => {
    if (lengthOf(part) > 0) shots.push(passedShot(part));
  };
  let at = range.in;
  for (const { tracked, spans: own } of groupsOf(spans)) {
    pass({ in: at, out: tracked.in });
    at = tracked.out;
    const parts = own.some(({ found }) => found === null)
      ? piecesOf(tracked, own)
      : [
          {
            range: tracked,
            found: joinedSpans(own.map(({ found }) => found as SpanFindings)) ?? (await track(tracked)),
          },
        ];
    for (const { range: part, found } of parts) {
      if (found === null) {
        passed.push(part);
        pass(part);
        continue;
      }
      const { shots: more, work: of } = framesFound(found, part);
      shots.push(...more);
      addCounts(work.counts, of.counts);
      work.frames += of.frames;
      work.everyFrame = work.everyFrame ? addEveryFrame(work.everyFrame, of.everyFrame) : of.everyFrame;
    }
  }
  pass({ in: at, out: range.out });
  const { frames, counts, everyFrame } = work;
  return {
    range,
    tracked: trackedReelOf(shots, everyFrame ? { frames, counts, everyFrame } : null),
    notes: passed.map(
      ({ in: from, out }) =>
        `The faces in ${out - from} frames, from frame ${from} of the reel counted from 0, could not be looked for: these frames were passed through.`,
    ),
  };
}

/** Spans by the frames that are tracked together. */
function groupsOf(spans: readonly TrackedSpan[]): { tracked: FrameRange; spans: TrackedSpan[] }[] {
  const groups: { tracked: FrameRange; spans: TrackedSpan[] }[] = [];
  for (const span of spans) {
    const last = groups.at(-1);
    if (last && last.tracked.in === span.range.in) last.spans.push(span);
    else groups.push({ tracked: span.range, spans: [span] });
  }
  return groups;
}

/** The frames of spans, some of which were given up: the shots of the others, and what lies between them. */
function piecesOf(
  tracked: FrameRange,
  spans: readonly TrackedSpan[],
): { readonly range: FrameRange; readonly found: SpanFindings | null }[] {
  const pieces: { range: FrameRange; found: SpanFindings | null }[] = [];
  let at = tracked.in;
  for (const { found } of spans) {
    const first = found?.shots[0];
    const last = found?.shots.at(-1);
    if (!found || !first || !last || last.out <= at) continue;
    const from = Math.max(at, first.in);
    if (from > at) pieces.push({ range: { in: at, out: from }, found: null });
    pieces.push({ range: { in: from, out: last.out }, found });
    at = last.out;
  }
  if (at < tracked.out) pieces.push({ range: { in: at, out: tracked.out }, found: null });
  return pieces;
}
