import { join } from 'node:path';
import { cacheFolder } from '../../disk/cache-folder.ts';
import { castTracks, type Person } from '../../face/cast.ts';
import type { FaceTrack } from '../../face/track.ts';
import { contains, type FrameRange, lengthOf } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import { ReelError } from '../../film/reel-error.ts';
import type { Ffmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { openReel } from '../../media/read/open-reel.ts';
import { hashOf } from '../../settings/canonical-json.ts';
import { NO_OVERRIDES, parseOverrides } from '../../settings/overrides.ts';
import { loadPreset } from '../../settings/preset.ts';
import { openRemote } from '../../workers/rpc.ts';
import type { TrackingService } from '../../workers/tracking-service.ts';
import type { ReelRequest } from '../job.ts';
import type { RunOptions } from '../run-options.ts';
import { type PersonReferences, stillReader } from '../stills/people.ts';
import { embeddingNear, facesInFrames, type ReelStill, type ReelTracks, reelStillsOf } from '../stills/reel-stills.ts';
import { openStillFaceCache } from '../stills/still-face-cache.ts';
import { packageVersion } from '../version.ts';
import type { AnalysisResources } from './analysis-resources.ts';
import { limitNotes } from './audit-report.ts';
import { castOverrides } from './cast-overrides.ts';
import { chooseModels } from './choose-models.ts';
import { everyFrameRuns } from './every-frame.ts';
import { framesAsked } from './frame-range.ts';
import { pinnedTracks } from './pinned-tracks.ts';
import { pullModels } from './pull-models.ts';
import type { ReelAnalysis } from './reel-analysis.ts';
import { reelPrint } from './reel-print.ts';
import { openTrackCache, type TrackKey } from './track-cache.ts';
import { trackReel } from './track-reel.ts';

/**
 * Opens the reel, finds its faces (or remembers them) and decides whom they play.
 *
 * @param isUsable called once the reel is open, before anything costs time; may throw
 */
export async function analyse(
  request: ReelRequest,
  { ffmpeg, library, pictures }: AnalysisResources,
  options: RunOptions,
  isUsable: (reel: Reel) => Promise<void> = async () => {},
): Promise<ReelAnalysis> {
  const { signal } = options;
  const preset = await loadPreset(request.preset);
  const opened = await openedReel(request, ffmpeg, options);
  const notes = [...(opened.notes ?? [])];
  await isUsable(opened);
  const range = framesAsked(opened, request.range);
  const overrides = request.overrides ? await parseOverrides(request.overrides, opened) : NO_OVERRIDES;
  const print = await reelPrint(opened, { verify: request.verifyReel, signal });

  const choice = await chooseModels(library, { ...preset.models, ...request.models });
  const models = await pullModels(library, Object.values(choice), options);
  const key: TrackKey = {
    print,
    range,
    transfer: opened.transfer,
    settings: {
      proxy: preset.proxy,
      tracking: preset.tracking,
      carrying: preset.carrying,
      smoothing: preset.smoothing,
    },
    models,
    reuse: request.reuse,
    version: packageVersion(),
  };
  const cache = openTrackCache(join(cacheFolder(), 'tracks'));
  const kept = request.cache ? await cache.read(key) : { tracked: null };
  if (kept.note) notes.push(kept.note);

  await using tracking = openRemote<TrackingService>('tracking-worker');
  const networks = await tracking.call('open', choice);
  notes.push(...networks.notes);

  // A reference that cannot be used is worth knowing before an hour of looking.
  const threshold = preset.tracking.detectorThreshold;
  const faces = openStillFaceCache(join(cacheFolder(), 'stills'), hashOf({ models, threshold }));
  const reader = stillReader(pictures, tracking, faces, threshold);
  const references: PersonReferences[] = [];
  for (const person of request.references) references.push(await reader.read(person, '--reference'));
  const finds: PersonReferences[] = [];
  for (const person of request.find) finds.push(await reader.read(person, '--find'));
  notes.push(...reader.notes);

  let tracked = kept.tracked;
  if (!tracked) {
    tracked = await trackReel(opened, range, preset, request.reuse, ffmpeg, tracking, options);
    if (request.cache) {
      const { note } = await cache.write(key, tracked);
      if (note) notes.push(note);
    }
  }
  const reel = withDamage(opened, range, tracked.damaged);

  tracked = { ...tracked, tracks: pinnedTracks(tracked.tracks, overrides) };
  notes.push(...limitNotes(tracked));

  const reelTracks = { reel, range, tracks: tracked.tracks };
  const given = givenFrames(request, references, finds, reelTracks);
  const people = peopleToFind(references, finds, given, tracked.tracks);
  const likeness = (preset.casting.threshold ?? networks.recogniserThreshold) + preset.casting.thresholdShift;
  const castings = castTracks(tracked.tracks, people, {
    ...preset.casting,
    threshold: likeness,
    overrides: new Map([...castOfFrames(given), ...castOverrides(overrides, tracked.tracks)]),
  });
  const isKnown = (name: string) => people.some((person) => person.name === name);
  return {
    reel,
    print,
    range,
    preset,
    overrides,
    models,
    tracked,
    cached: kept.tracked !== null,
    everyFrame: await everyFrameRuns(library, choice.detector, tracked.tracks, reel, range, preset),
    people,
    threshold: likeness,
    castings,
    references,
    reelStills: reelStillsOf(request.references, given, isKnown, castings, reelTracks),
    notes,
  };
}

async function openedReel(
  { reel, transfer, allowGaps, rate }: ReelRequest,
  ffmpeg: Ffmpeg,
  { onProgress, signal }: RunOptions,
): Promise<Reel> {
  onProgress({ stage: 'reading', done: 0, total: 0, unit: 'frames' });
  const onRead = (done: number, total: number) => onProgress({ stage: 'reading', done, total, unit: 'frames' });
  return openReel(reel, { transfer, allowGaps, rate, onRead }, ffmpeg, signal);
}

/** The faces in the frames of the reel that were given, by person. */
function givenFrames(
  request: ReelRequest,
  references: readonly PersonReferences[],
  finds: readonly PersonReferences[],
  reel: ReelTracks,
): Map<string, ReelStill[]> {
  const given = new Map<string, ReelStill[]>();
  for (const [flag, asked] of [
    ['--reference', request.references],
    ['--find', request.find],
  ] as const) {
    for (const person of asked) {
      const known = [...references, ...finds].filter(({ name }) => name === person.name);
      const embeddings = known.flatMap(({ stills }) => stills.map((still) => still.face.embedding));
      const faces = facesInFrames(flag, person, embeddings, reel);
      if (faces.length > 0) given.set(person.name, [...(given.get(person.name) ?? []), ...faces]);
    }
  }
  return given;
}

/** A track of which a frame was given plays that person. */
function castOfFrames(given: ReadonlyMap<string, readonly ReelStill[]>): Array<[track: string, person: string]> {
  return [...given].flatMap(([name, stills]) => stills.map(({ track }): [string, string] => [track, name]));
}

/** Whom to look for: by `--find` where it names the person, else by the stills to restore with. Whom nothing shows is not looked for. */
function peopleToFind(
  references: readonly PersonReferences[],
  finds: readonly PersonReferences[],
  given: ReadonlyMap<string, readonly ReelStill[]>,
  tracks: readonly FaceTrack[],
): Person[] {
  const names = new Set([...references, ...finds].map(({ name }) => name));
  const people = [...names].map((name) => {
    const isShown = (person: PersonReferences) => person.name === name && person.stills.length > 0;
    const by = finds.find(isShown) ?? references.find(isShown);
    const inFrames = (given.get(name) ?? []).flatMap(({ track, frame }) => {
      const shown = tracks.find(({ id }) => id === track);
      return (shown && embeddingNear(shown, frame)) ?? [];
    });
    return { name, find: [...(by?.stills.map((still) => still.face.embedding) ?? []), ...inFrames] };
  });
  return people.filter(({ find }) => find.length > 0);
}

/** The reel with what decoding alone could tell to be damaged. @throws ReelError where nothing of the range can be decoded. */
function withDamage(reel: Reel, range: FrameRange, found: ReadonlyMap<number, string>): Reel {
  const damaged = new Map([...found, ...reel.damaged]);
  const bad = [...damaged].filter(([frame]) => contains(range, frame));
  if (bad.length >= lengthOf(range)) {
    throw new ReelError(
      `"${reel.path}": none of the ${lengthOf(range)} frames asked for can be decoded. The first: ${bad[0]?.[1]}. Check that the files are whole and of the kind that their names say.`,
    );
  }
  return { ...reel, damaged };
}
