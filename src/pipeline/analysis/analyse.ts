import { join } from 'node:path';
import { cacheFolder } from '../../disk/cache-folder.ts';
import { type Casting, castTracks, type Person } from '../../face/cast.ts';
import type { FaceTrack } from '../../face/track.ts';
import { contains, type FrameRange, lengthOf } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import { ReelError } from '../../film/reel-error.ts';
import { type Ffmpeg, findFfmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { openReel } from '../../media/read/open-reel.ts';
import { openLibrary } from '../../model/library.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import { hashOf } from '../../settings/canonical-json.ts';
import { NO_OVERRIDES, type Overrides, parseOverrides } from '../../settings/overrides.ts';
import { loadPreset, type Preset } from '../../settings/preset.ts';
import { openRemote } from '../../workers/rpc.ts';
import type { TrackingService } from '../../workers/tracking-service.ts';
import type { ReelRequest } from '../job.ts';
import type { RunOptions } from '../run-options.ts';
import { leastAlike, type PersonReferences, type StillReader, stillReader } from '../stills/people.ts';
import {
  embeddingNear,
  facesInFrames,
  type ReelStill,
  type ReelStills,
  type ReelTracks,
  reelStillsOf,
} from '../stills/reel-stills.ts';
import { packageVersion } from '../version.ts';
import { limitNotes } from './audit-report.ts';
import { castOverrides } from './cast-overrides.ts';
import { chooseModels } from './choose-models.ts';
import { type EveryFrame, everyFrameRuns } from './every-frame.ts';
import { framesAsked } from './frame-range.ts';
import { pinnedTracks } from './pinned-tracks.ts';
import { pullModels } from './pull-models.ts';
import { reelPrint } from './reel-print.ts';
import { openTrackCache, type TrackKey } from './track-cache.ts';
import { type TrackedReel, trackReel } from './track-reel.ts';

/** What is known of a reel before anything is painted: the observation stream's result, and who plays whom. */
export interface Analysis {
  readonly ffmpeg: Ffmpeg;
  readonly preset: Preset;
  readonly reel: Reel;
  /** The frames that were asked for. */
  readonly range: FrameRange;
  readonly print: string;
  readonly overrides: Overrides;
  readonly tracked: TrackedReel;
  /** True when the tracks were kept from an earlier run, so that no network was run on the reel. */
  readonly cached: boolean;
  /** Network runs that looking at every frame would have taken. */
  readonly everyFrame: EveryFrame;
  readonly castings: readonly Casting[];
  /** Cosine from which a track counts as somebody. */
  readonly threshold: number;
  readonly people: readonly Person[];
  readonly references: readonly PersonReferences[];
  readonly stills: StillReader;
  /** Frames of the reel that serve as stills, by the id of the track that is restored with them. */
  readonly reelStills: ReadonlyMap<string, ReelStills>;
  /** Ids and hashes of the networks. */
  readonly models: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

/** Cosine below which two stills given as one person are worth a note. */
const ODD_STILL = 0.3;

/**
 * Opens the reel, finds its faces (or remembers them) and decides whom they play.
 *
 * @param isUsable called once the reel is open, before anything costs time; may throw
 */
export async function analyse(
  request: ReelRequest,
  options: RunOptions,
  isUsable: (reel: Reel) => Promise<void> = async () => {},
): Promise<Analysis> {
  const { signal } = options;
  const notes: string[] = [];
  const preset = await loadPreset(request.preset, RESTORERS);
  const ffmpeg = await findFfmpeg({ path: request.ffmpeg });
  options.onProgress({ stage: 'reading', done: 0, total: 0, unit: 'frames' });
  let reel = await openReel(
    request.reel,
    {
      transfer: request.transfer,
      allowGaps: request.allowGaps,
      rate: request.rate,
      onRead: (done, total) => options.onProgress({ stage: 'reading', done, total, unit: 'frames' }),
    },
    ffmpeg,
    signal,
  );
  notes.push(...(reel.notes ?? []));
  await isUsable(reel);
  const range = framesAsked(reel, request.range);
  const overrides = request.overrides ? await parseOverrides(request.overrides, reel) : NO_OVERRIDES;
  const print = await reelPrint(reel, { verify: request.verifyReel, signal });

  const library = openLibrary();
  const choice = await chooseModels(library, { ...preset.models, ...request.models });
  const models = await pullModels(library, Object.values(choice), options);
  const key: TrackKey = {
    print,
    range,
    transfer: reel.transfer,
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
  const opened = await tracking.call('open', choice);
  notes.push(...opened.notes);

  // A reference that cannot be used is worth knowing before an hour of looking.
  const stills = stillReader(tracking, preset.tracking.detectorThreshold, hashOf(models));
  const references: PersonReferences[] = [];
  for (const person of request.references) references.push(await stills.read(person, '--reference'));
  const finds: PersonReferences[] = [];
  for (const person of request.find) finds.push(await stills.read(person, '--find'));
  for (const person of [...references, ...finds]) {
    const odd = leastAlike(person);
    if (odd && odd.similarity < ODD_STILL) {
      notes.push(
        `Two stills of "${person.name}" hardly look like one person (cosine ${odd.similarity.toFixed(2)}): ${odd.pair.join(' and ')}.`,
      );
    }
  }

  let tracked = kept.tracked;
  if (!tracked) {
    tracked = await trackReel(reel, range, preset, request.reuse, ffmpeg, tracking, options);
    if (request.cache) {
      const { note } = await cache.write(key, tracked);
      if (note) notes.push(note);
    }
  }
  reel = withDamage(reel, range, tracked.damaged);

  tracked = { ...tracked, tracks: pinnedTracks(tracked.tracks, overrides) };
  notes.push(...limitNotes(tracked));

  const reelTracks = { reel, range, tracks: tracked.tracks };
  const given = givenFrames(request, references, finds, reelTracks);
  const people = peopleToFind(references, finds, given, tracked.tracks);
  const threshold = (preset.casting.threshold ?? opened.recogniserThreshold) + preset.casting.thresholdShift;
  const castings = castTracks(tracked.tracks, people, {
    ...preset.casting,
    threshold,
    overrides: new Map([...castOfFrames(given), ...castOverrides(overrides, tracked.tracks)]),
  });
  const isKnown = (name: string) => people.some((person) => person.name === name);
  return {
    ffmpeg,
    preset,
    reel,
    range,
    print,
    overrides,
    tracked,
    cached: kept.tracked !== null,
    everyFrame: await everyFrameRuns(library, choice.detector, tracked.tracks, reel, range, preset),
    castings,
    threshold,
    people,
    references,
    stills,
    reelStills: reelStillsOf(request.references, given, isKnown, castings, reelTracks),
    models,
    notes,
  };
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
