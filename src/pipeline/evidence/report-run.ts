import { basename } from 'node:path';
import { packageVersion } from '../../disk/package-version.ts';
import { SHOT_LIST_KINDS, shotListText } from '../../editorial/shot-list-formats.ts';
import { similarity } from '../../face/embedding.ts';
import type { FaceTrack, IdentitySample } from '../../face/track.ts';
import { contains, lengthOf } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import type { Ffmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import type { Output } from '../../media/write/target.ts';
import type { AuthorisedUse } from '../../report/authorised-use.ts';
import { carryingFigures } from '../../report/carrying-figures.ts';
import { type FaceFigures, faceFigures } from '../../report/face-figures.ts';
import type { FaceFrame, FaceFrames } from '../../report/face-frames.ts';
import { faceNotes } from '../../report/face-notes.ts';
import type { FaceSheet } from '../../report/face-sheet.ts';
import { facesFileText } from '../../report/faces-file.ts';
import { flickerFigures } from '../../report/flicker-figures.ts';
import { inferenceFacts } from '../../report/inference-schema.ts';
import type { NetworkLicence } from '../../report/network-licence.ts';
import { REPORT_FORMAT, type Report } from '../../report/report.ts';
import type { ReportPage } from '../../report/report-page.ts';
import type { TrackView } from '../../report/track-section.ts';
import { writeReport } from '../../report/write-report.ts';
import { restorerNamed } from '../../restore/restorer-choice.ts';
import type { RestorerWords } from '../../restore/restorer-definition.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import { analysedTracks } from '../analysis/analysed-tracks.ts';
import { auditReport } from '../analysis/audit-report.ts';
import type { ReelAnalysis } from '../analysis/reel-analysis.ts';
import type { TrackedReel } from '../analysis/tracked-reel.ts';
import type { RestoreJob } from '../job.ts';
import type { CastTrack } from '../render/cast-track.ts';
import type { HidingFacts } from '../render/hiding-facts.ts';
import type { RenderedTake } from '../render/render.ts';
import { peakMemoryMiB } from '../work/memory-peak.ts';
import type { OutputPlace } from '../work/output-life.ts';
import { besideFacts } from './beside-facts.ts';
import { bestSheets } from './face-sheets.ts';
import { facesOfRun } from './faces-of-run.ts';
import { foundShotsOf } from './found-shots-of.ts';
import { spreadPairs } from './pictures.ts';
import { requestFileText } from './request-file.ts';
import { shotPictures } from './shot-pictures.ts';

/** What a run did, gathered at its end. */
export interface RunFacts {
  /** What was asked for. */
  readonly job: RestoreJob;
  readonly key: string;
  readonly restorer: string;
  readonly device: Report['device'];
  readonly analysis: ReelAnalysis;
  readonly tracks: readonly CastTrack[];
  readonly rendered: readonly RenderedTake[];
  /** Hash of the recogniser's network. */
  readonly recogniser: string;
  readonly outputs: readonly Output[];
  readonly place: Pick<OutputPlace, 'sides' | 'tracks'>;
  /** Under which faces were put in others' places; undefined where none was. */
  readonly authorisation?: AuthorisedUse;
  readonly hiding: HidingFacts | null;
  /** Deliverables of the output; undefined where none was asked for. */
  readonly masters?: Report['masters'];
  /** Every network that the run could open. */
  readonly networks: readonly NetworkLicence[];
  readonly notes: readonly string[];
  readonly seconds: Readonly<Record<string, number>>;
}

/** Writes the report of a run into `folder` and returns it. */
export async function reportRun(folder: string, facts: RunFacts, ffmpeg: Ffmpeg, signal: AbortSignal): Promise<Report> {
  const { analysis, rendered } = facts;
  const { reel, range, tracked } = analysis;
  const { authorisation } = facts;
  const tracks = { ...analysedTracks(analysis), ...(authorisation ? { authorisation: authorisation.sha256 } : {}) };
  const isolated = [...reel.damaged]
    .filter(([frame]) => contains(range, frame))
    .map(([frame, reason]) => ({ frame, name: frameName(reel, frame), reason }));
  const restored = rendered.reduce((sum, { record }) => sum + record.restored, 0);
  const faces = facesOfRun(rendered, { tracks: facts.tracks, people: analysis.people, recogniser: facts.recogniser });
  const figures = [...faces].map(([id, frames]) => [id, faceFigures(frames)] as const);
  const restoredFaces = [...faces.values()].flatMap((of) => of.restored);
  const beside = besideFacts(facts.place);
  const report: Report = {
    format: REPORT_FORMAT,
    version: packageVersion(),
    finished: new Date().toISOString(),
    job: facts.key,
    reel: tracks.reel,
    preset: { name: analysis.preset.name, hash: analysis.preset.hash },
    restorer: facts.restorer,
    device: facts.device,
    networkDevice: { name: analysis.device, reason: analysis.deviceReason },
    frames: {
      in: lengthOf(range),
      out: facts.outputs[0]?.frames ?? 0,
      restored,
      untouched: lengthOf(range) - restored,
      isolated,
    },
    inference: {
      ...inferenceFacts(tracked.work?.counts ?? null),
      restorer: restorerRuns(restoredFaces),
      ...maskerRuns(restoredFaces),
    },
    everyFrame: tracked.work?.everyFrame ?? null,
    seconds: { ...facts.seconds },
    peakMemoryMiB: peakMemoryMiB(),
    takes: rendered.map(({ take, record, redone }) => ({
      shot: take.shot,
      in: take.in,
      out: take.out,
      device: record.device,
      sha256: record.sha256,
      redone,
    })),
    faces: Object.fromEntries(figures),
    carrying: carryingByTrack(tracked),
    flicker: Object.fromEntries([...faces].map(([id, frames]) => [id, { ...flickerFigures(frames.restored) }])),
    audit: auditReport(tracked),
    outputs: facts.outputs.map(({ path, sha256, frames }) => ({ path, sha256, frames })),
    ...(beside.length > 0 ? { beside } : {}),
    ...(facts.hiding ? { hiding: facts.hiding } : {}),
    ...(facts.masters ? { masters: facts.masters } : {}),
    ...(authorisation ? { authorisations: [authorisation] } : {}),
    networks: [...facts.networks],
    notes: [
      ...facts.notes,
      ...takeNotes(rendered),
      ...keptNotes(rendered, [...faces.values()]),
      ...figures.flatMap(([id, of]) => notesOf(facts.tracks, id, of, reel.first)),
    ],
  };
  const page: ReportPage = {
    report,
    tracks,
    facts: reelFactLines(reel),
    shots: await shotPictures(reel, tracked.shots, ffmpeg, signal),
    pairs: await spreadPairs(rendered, facts.tracks),
    views: trackViews(facts, faces, await bestSheets(rendered, facts.tracks)),
  };
  const found = foundShotsOf(analysis, { tracks: facts.tracks, faces });
  const lists = new Map(SHOT_LIST_KINDS.map((kind) => [`shots${kind}`, shotListText(`shots${kind}`, found)]));
  const files = new Map([...lists, ['faces.json', facesFileText(faces)], ['request.json', requestFileText(facts.job)]]);
  await writeReport(folder, { report, tracks, page, files });
  return report;
}

/** What a person should know of single takes, each sentence once. */
function takeNotes(takes: readonly RenderedTake[]): string[] {
  return [...new Set(takes.flatMap(({ record }) => record.notes))];
}

/** How many faces were not rendered by a run, since a preview had. */
function keptNotes(takes: readonly RenderedTake[], faces: readonly FaceFrames[]): string[] {
  const kept = takes.reduce((sum, { record }) => sum + (record.kept ?? 0), 0);
  const restored = faces.reduce((sum, face) => sum + face.restored.length, 0);
  if (kept === 0) return [];
  const were = `${kept} of ${restored} restored faces ${kept === 1 ? 'was' : 'were'}`;
  return [`${were} taken from a preview, which had rendered them alike, and not rendered again.`];
}

/** What the restorer was run for; one that does not carry restores every face whole. */
function restorerRuns(frames: readonly FaceFrame[]): Report['inference']['restorer'] {
  const sums = { whole: 0, part: 0, skipped: 0 };
  for (const { carried = 0 } of frames) sums[carried === 0 ? 'whole' : carried < 1 ? 'part' : 'skipped'] += 1;
  return sums;
}

/** In how many faces maskers were asked, and to how many their masks were carried. */
function maskerRuns(frames: readonly FaceFrame[]): Pick<Report['inference'], 'maskers'> {
  const masked = frames.filter(({ maskersRan }) => maskersRan !== undefined);
  const asked = masked.filter(({ maskersRan }) => maskersRan).length;
  return masked.length > 0 ? { maskers: { asked, carried: masked.length - asked } } : {};
}

function frameName(reel: Reel, frame: number): string {
  const file = reel.kind === 'folder' ? reel.files[frame] : null;
  return file ? basename(file) : String(reel.first + frame);
}

function reelFactLines(reel: Reel): ReportPage['facts'] {
  const { colour } = reel;
  const tags = [colour.primaries, colour.transfer, colour.matrix, colour.range].filter((tag) => tag !== undefined);
  const lines: Array<readonly [string, string]> = [
    [
      'Kind',
      reel.kind === 'folder' ? `folder of ${reel.still.toUpperCase()} frames` : `${reel.codec} in ${reel.container}`,
    ],
    ['Samples', `${reel.pixelFormat} (worked on as ${reel.format.name})`],
    ['Shown to the networks as', reel.transfer],
    ['Colour tags', tags.length > 0 ? tags.join(', ') : 'none'],
  ];
  if (reel.timecode) lines.push(['Timecode', reel.timecode]);
  if (reel.kind === 'movie') {
    lines.push(['Sound', reel.audioStreams === 1 ? '1 stream' : `${reel.audioStreams} streams`]);
  }
  return lines;
}

/** What is to be said of a track's face, in the words of the restorer that painted it. */
function notesOf(tracks: readonly CastTrack[], id: string, figures: FaceFigures, first: number): string[] {
  const track = tracks.find((one) => one.id === id);
  if (!track) return [];
  const who = track.person ? `${id} (${track.person})` : id;
  return faceNotes(who, figures, first, wordsOf(track));
}

function wordsOf({ brief }: CastTrack): RestorerWords {
  return restorerNamed(RESTORERS, brief.restorer.name).words;
}

/** The identity samples in the frames that were asked for. */
function samplesIn(track: FaceTrack): readonly IdentitySample[] {
  return track.identitySamples.filter(({ frame }) => contains(track, frame));
}

function carryingByTrack({ tracks, histories }: TrackedReel): Report['carrying'] {
  return Object.fromEntries(
    tracks.flatMap((track) => {
      const history = histories.find(({ id }) => id === track.id);
      return history ? [[track.id, carryingFigures(track.in, samplesIn(track).length, history)] as const] : [];
    }),
  );
}

function trackViews(
  { analysis, tracks }: RunFacts,
  faces: ReadonlyMap<string, FaceFrames>,
  sheets: readonly FaceSheet[],
): ReadonlyMap<string, TrackView> {
  const { tracked, castings, people, limits } = analysis;
  return new Map(
    tracked.tracks.map((track) => {
      const casting = castings.find((one) => one.track === track.id);
      const person = people.find(({ name }) => name === casting?.person) ?? people[0];
      const history = tracked.histories.find(({ id }) => id === track.id);
      const frames = faces.get(track.id);
      const cast = tracks.find(({ id }) => id === track.id);
      const view: TrackView = {
        identitySamples: samplesIn(track).map(({ frame, embedding }) => ({
          frame,
          similarity: person ? Math.max(...person.find.map((still) => similarity(embedding, still))) : null,
        })),
        threshold: limits.threshold,
        decisions: history?.decisions ?? [],
        audits: history?.audits ?? [],
        motion: history?.motion ?? null,
        ...(frames ? { faces: frames } : {}),
        ...(cast ? { reasons: wordsOf(cast).reasons } : {}),
        sheets: sheets.filter((sheet) => sheet.track === track.id),
      };
      return [track.id, view] as const;
    }),
  );
}
