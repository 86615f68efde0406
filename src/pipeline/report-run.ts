import { basename } from 'node:path';
import { similarity } from '../face/embedding.ts';
import { lengthOf } from '../film/range.ts';
import { formatRational } from '../film/rational.ts';
import type { Output } from '../media/target.ts';
import { inferenceFacts } from '../report/inference-schema.ts';
import { REPORT_FORMAT, type Report } from '../report/report.ts';
import type { ReportPage } from '../report/report-page.ts';
import type { TrackView } from '../report/track-section.ts';
import { tracksFileOf } from '../report/tracks-file.ts';
import { writeReport } from '../report/write-report.ts';
import type { Analysis } from './analyse.ts';
import { auditReport } from './audit-report.ts';
import type { CastTrack } from './cast-track.ts';
import { peakMemoryMiB } from './memory-peak.ts';
import { keptPairs } from './pictures.ts';
import type { Rendered } from './render.ts';
import { shotPictures } from './shot-pictures.ts';
import { trackFlicker } from './take-flicker.ts';
import { packageVersion } from './version.ts';

/** What a run did, gathered at its end. */
export interface RunFacts {
  readonly key: string;
  readonly restorer: string;
  readonly analysis: Analysis;
  readonly tracks: readonly CastTrack[];
  readonly rendered: Rendered;
  readonly outputs: readonly Output[];
  readonly notes: readonly string[];
  readonly seconds: Readonly<Record<string, number>>;
  /** Folder of the kept before and after pictures. */
  readonly pictures: string;
}

/** Writes the report of a run into `folder` and returns it. */
export async function reportRun(folder: string, facts: RunFacts, signal: AbortSignal): Promise<Report> {
  const { analysis, rendered } = facts;
  const { reel, range, sighted, castings, cached } = analysis;
  const tracks = tracksFileOf({
    reel,
    shots: sighted.shots,
    tracks: sighted.tracks,
    castings,
    counts: cached ? null : sighted.counts,
  });
  const isolated = [...reel.damaged]
    .filter(([frame]) => frame >= range.in && frame < range.out)
    .map(([frame, reason]) => ({ frame, name: frameName(analysis, frame), reason }));
  const restored = rendered.takes.reduce((sum, take) => sum + take.restored, 0);
  const restorerRuns = rendered.takes.reduce(
    (sum, take) => sum + take.flicker.reduce((runs, face) => runs + face.frames.length, 0),
    0,
  );
  const report: Report = {
    format: REPORT_FORMAT,
    version: packageVersion(),
    finished: new Date().toISOString(),
    job: facts.key,
    reel: tracks.reel,
    preset: { name: analysis.preset.name, hash: analysis.preset.hash },
    restorer: facts.restorer,
    frames: {
      in: lengthOf(range),
      out: facts.outputs[0]?.frames ?? 0,
      restored,
      untouched: lengthOf(range) - restored,
      isolated,
    },
    inference: { ...inferenceFacts(cached ? null : sighted.counts), restorer: restorerRuns },
    everyFrame: cached ? null : analysis.everyFrame,
    seconds: { ...facts.seconds },
    peakMemoryMiB: peakMemoryMiB(),
    takes: rendered.takes.map((take) => ({
      shot: take.shot,
      in: take.in,
      out: take.out,
      device: take.device,
      sha256: take.sha256,
      redone: rendered.redone.has(take.in),
    })),
    flicker: Object.fromEntries(
      trackFlicker(rendered.takes.map((take) => take.flicker)).map(({ track, lowPass, meanLuma }) => [
        track,
        {
          hf2LpBefore: lowPass.before,
          hf2LpAfter: lowPass.after,
          hf2LpRatio: lowPass.ratio,
          tfiBefore: meanLuma.before,
          tfiAfter: meanLuma.after,
          tfiExcess: meanLuma.after - meanLuma.before,
        },
      ]),
    ),
    audit: auditReport(sighted),
    outputs: facts.outputs.map(({ path, sha256, frames }) => ({ path, sha256, frames })),
    notes: [...facts.notes],
  };
  const page: ReportPage = {
    report,
    tracks,
    facts: reelFactLines(analysis),
    shots: await shotPictures(analysis, signal),
    pairs: await keptPairs(facts.pictures, facts.tracks),
    views: trackViews(facts),
  };
  await writeReport(folder, { report, tracks, page });
  return report;
}

function frameName({ reel }: Analysis, frame: number): string {
  const file = reel.kind === 'folder' ? reel.files[frame] : null;
  return file ? basename(file) : String(reel.first + frame);
}

function reelFactLines({ reel }: Analysis): ReportPage['facts'] {
  const { colour } = reel;
  const tags = [colour.primaries, colour.transfer, colour.matrix, colour.range].filter((tag) => tag !== undefined);
  const lines: Array<readonly [string, string]> = [
    [
      'Kind',
      reel.kind === 'folder' ? `folder of ${reel.still.toUpperCase()} frames` : `${reel.codec} in ${reel.container}`,
    ],
    ['Samples', `${reel.pixelFormat} (worked on as ${reel.format.name})`],
    ['Rate', formatRational(reel.rate)],
    ['Shown to the networks as', reel.transfer],
    ['Colour tags', tags.length > 0 ? tags.join(', ') : 'none'],
  ];
  if (reel.kind === 'movie') {
    if (reel.timecode) lines.push(['Timecode', reel.timecode]);
    lines.push(['Sound', reel.audioStreams === 1 ? '1 stream' : `${reel.audioStreams} streams`]);
  }
  return lines;
}

function trackViews({ analysis, rendered }: RunFacts): ReadonlyMap<string, TrackView> {
  const views = new Map<string, TrackView>();
  for (const track of analysis.sighted.tracks) {
    const casting = analysis.castings.find((c) => c.track === track.id);
    const person = analysis.people.find(({ name }) => name === casting?.person) ?? analysis.people[0];
    const brightness = rendered.takes.flatMap((take) =>
      take.flicker
        .filter((sums) => sums.track === track.id)
        .flatMap((sums) =>
          sums.frames.map((frame, k) => ({
            frame,
            before: sums.before[k] as number,
            after: sums.after[k] as number,
          })),
        ),
    );
    views.set(track.id, {
      anchors: person
        ? track.anchors.map(({ frame, embedding }) => ({
            frame,
            similarity: Math.max(...person.find.map((still) => similarity(embedding, still))),
          }))
        : [],
      threshold: analysis.threshold,
      ...(brightness.length > 0 ? { brightness } : {}),
    });
  }
  return views;
}
