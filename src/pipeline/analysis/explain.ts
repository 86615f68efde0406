import type { FrameDecision, TrackHistory } from '../../carry/track/frame-decision.ts';
import { frameTimecode, type Reel } from '../../film/reel.ts';
import type { Preset } from '../../settings/preset.ts';
import type { TrackedReel } from './tracked-reel.ts';

/**
 * Why each network ran or was skipped in one frame, face by face, as lines for people. They come from the recorded decisions, so
 * kept tracks are explained by the run that made them.
 *
 * @param frame counted from 0 at the reel's first frame
 */
export function explainFrame(
  reel: Pick<Reel, 'first' | 'timecode' | 'rate'>,
  preset: Preset,
  tracked: TrackedReel,
  frame: number,
): string[] {
  const shot = tracked.shots.find((one) => frame >= one.in && frame < one.out);
  if (!shot) return [`Frame ${reel.first + frame} was not tracked.`];
  const timecode = frameTimecode(reel, frame);
  const named = `Frame ${reel.first + frame}${timecode === null ? '' : ` (${timecode})`}`;
  if (shot.passed) return [`${named} was not looked at: it lies beside the shots that were chosen.`];
  const lines = [`${named}, shot ${shot.index + 1}`, searchLine(tracked, shot.in, frame, preset)];
  const there = tracked.histories.flatMap((history) => {
    const track = tracked.tracks.find(({ id }) => id === history.id);
    const decision = track && history.decisions[frame - track.in];
    return track && decision
      ? [{ history, decision, lastIdentitySample: lastIdentitySampleOf(track.identitySamples, frame) }]
      : [];
  });
  if (there.length === 0) lines.push('  No face is followed here.');
  for (const { history, decision, lastIdentitySample } of there) {
    lines.push(`  ${history.id}`);
    lines.push(`    landmarks   ${landmarkWords(decision, preset)}`);
    const refined = refinerWords(decision);
    if (refined) lines.push(`    heavy net   ${refined}`);
    lines.push(`    recogniser  ${recogniserWords(decision, lastIdentitySample, frame, preset)}`);
    const audit = history.audits.find((one) => one.frame === frame);
    if (audit) lines.push(`    audit       ${auditWords(audit)}`);
  }
  return lines;
}

function searchLine({ searches }: TrackedReel, from: number, frame: number, preset: Preset): string {
  const here = searches.find((search) => search.frame === frame);
  if (here) return `  detector      ran: ${SEARCH_WORDS[here.reason] ?? here.reason}`;
  const last = searches.findLast((search) => search.frame < frame && search.frame >= from);
  const ago = last ? `${frame - last.frame} frames since the last search` : 'no search in this shot yet';
  return `  detector      skipped: ${ago}, one is due every ${preset.tracking.sweepEvery}`;
}

const SEARCH_WORDS: Partial<Record<string, string>> = {
  sweep: 'a search for faces that entered was due',
  loss: 'a face was lost',
  every: 'reuse is off, so every network runs on every frame',
};

function landmarkWords(decision: FrameDecision, preset: Preset): string {
  const { limitDivisor } = decision;
  const skipAge = Math.ceil(preset.carrying.skipAge / limitDivisor);
  const skipMotion = preset.carrying.skipMotion / limitDivisor;
  const skipTiles = preset.carrying.skipTiles / limitDivisor;
  const motion =
    decision.motion === null
      ? 'could not be tracked'
      : `moved ${percent(decision.motion)} (limit ${percent(skipMotion)})`;
  const tiles =
    decision.tiles === null ? 'no tiles' : `tiles changed ${percent(decision.tiles)} (limit ${percent(skipTiles)})`;
  const cautious = limitDivisor > 1 ? `, limits divided by ${limitDivisor} since carrying this face was off` : '';
  const evidence = `age ${decision.age} (limit ${skipAge}), ${motion}, ${tiles}${cautious}`;
  const found = decision.disagreement === null ? '' : `; ${percent(decision.disagreement)} from the carried ones`;
  switch (decision.landmarker) {
    case 'skip':
      return `skipped, carried by tracking: ${evidence}`;
    case 'age':
      return `ran, the age limit was reached: ${evidence}${found}`;
    case 'motion':
      return `ran, the face moved: ${evidence}${found}`;
    case 'tiles':
      return `ran, mouth, eyes or nose changed: ${evidence}${found}`;
    case 'unsure':
      return `ran, its answers differ too much from frame to frame to be skipped (limit ${percent(preset.carrying.skipDisagreement)}): ${evidence}${found}`;
    case 'missing':
      return 'none: the frame cannot be read; the face is bridged between its neighbours, and not restored';
    case 'lapse':
      return `ran and saw no face, but the detector and the texture show it: carried by tracking: ${evidence}`;
    case 'backtrack':
      return 'ran: backtracking, from the frame that found the face to the one where it entered';
    case 'every':
      return 'ran: reuse is off';
    default:
      return 'ran: the face was found here';
  }
}

function refinerWords({ refiner }: FrameDecision): string | null {
  if (refiner === null) return null;
  if (refiner === 'every') return 'ran: reuse is off';
  return refiner === 'between' ? 'ran: its runs before and after disagreed' : 'ran: a run was due';
}

function recogniserWords(
  decision: FrameDecision,
  lastIdentitySample: number | null,
  frame: number,
  preset: Preset,
): string {
  if (decision.recogniser === 'every') return 'ran: reuse is off';
  if (decision.recogniser !== null)
    return `ran: an identity sample is due every ${preset.tracking.identityEvery} frames`;
  return lastIdentitySample === null
    ? 'skipped: the identity sample lies ahead'
    : `skipped: ${frame - lastIdentitySample} frames since the last identity sample`;
}

function auditWords({ rigid, lips, lids, cosine }: TrackHistory['audits'][number]): string {
  return `ran all the same: still parts ${percent(rigid)}, lips ${percent(lips)}, lids ${percent(lids)} off; cosine ${cosine.toFixed(3)}`;
}

function lastIdentitySampleOf(identitySamples: readonly { readonly frame: number }[], frame: number): number | null {
  const before = identitySamples.filter((identitySample) => identitySample.frame <= frame);
  return before.length > 0 ? Math.max(...before.map((identitySample) => identitySample.frame)) : null;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
