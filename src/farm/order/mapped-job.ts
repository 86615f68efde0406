import type { FolderReel, MovieReel, Reel } from '../../film/reel.ts';
import type { PersonStills, RestoreJob } from '../../pipeline/job.ts';
import { mappedPath, type PathMap } from './path-maps.ts';

/** What a path of the machine that submits is here. */
type Place = (path: string) => string;

/** What each field of a record becomes where its paths are others. Whoever adds a field decides here: else this does not compile. */
type FieldMaps<T> = { readonly [Field in keyof Required<T>]: (value: T[Field], place: Place) => T[Field] };

const kept = <T>(value: T): T => value;
const path = <T extends string | undefined>(value: T, place: Place) =>
  (value === undefined ? value : place(value)) as T;
const paths = (values: readonly string[], place: Place) => values.map(place);
const people = (values: readonly PersonStills[], place: Place) =>
  values.map((person) => ({ ...person, paths: person.paths.map(place) }));
const byName = <T extends Readonly<Record<string, unknown>>>(values: T, place: Place) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, pathsIn(value, place)])) as T;

/** A setting's value: a path where it names a network by its contract, or a list of such. */
function pathsIn(value: unknown, place: Place): unknown {
  if (Array.isArray(value)) return value.map((one) => pathsIn(one, place));
  return typeof value === 'string' ? place(value) : value;
}

const JOB: FieldMaps<RestoreJob> = {
  ...{ reel: path, out: path, report: path, shots: path, overrides: path, ffmpeg: path },
  ...{ mattes: path, patches: path, tracks: path, mastersFolder: path },
  // Names of presets and networks, or the paths of their files.
  ...{ preset: path, masters: paths, models: byName, settings: byName, acceptLicence: kept },
  ...{ references: people, find: people },
  authorisation: (record, place) => record && { ...record, file: place(record.file) },
  ...{ verifyReel: kept, reuse: kept, device: kept, range: kept, transfer: kept, rate: kept, layer: kept },
  ...{ allowGaps: kept, cache: kept, restorer: kept, faces: kept, except: kept, grain: kept, codec: kept },
  ...{
    as: kept,
    startNumber: kept,
    declare: kept,
    patchAlpha: kept,
    keepWork: kept,
    redo: kept,
    each: kept,
    maxIsolated: kept,
  },
};

/** Fields that a folder and a movie have. Their notes are sentences for the report, and name files as they were found. */
const PICTURE = {
  ...{ path, kind: kept, width: kept, height: kept, rate: kept, frames: kept, first: kept, format: kept, notes: kept },
  ...{
    pixelFormat: kept,
    colour: kept,
    transfer: kept,
    damaged: kept,
    timecode: kept,
    pixelAspect: kept,
    stored: kept,
  },
};

const FOLDER: FieldMaps<FolderReel> = {
  ...PICTURE,
  files: (files, place) => files.map((file) => (file === null ? null : place(file))),
  ...{ still: kept, unpacked: kept, layer: kept },
};

const MOVIE: FieldMaps<MovieReel> = {
  ...PICTURE,
  ...{ container: kept, codec: kept, wholePackets: kept, times: kept, timeBase: kept, lastDuration: kept },
  ...{ byPlace: kept, fields: kept, hdr10: kept, audioStreams: kept, subtitleStreams: kept, displayMatrix: kept },
};

/** A job of another machine with its paths as they are here; see `mappedPath`. */
export function mappedJob(job: RestoreJob, maps: readonly PathMap[]): RestoreJob {
  return mapped(job, JOB, maps);
}

/** The same for a reel: its own path and those of its frames. */
export function mappedReel(reel: Reel, maps: readonly PathMap[]): Reel {
  return reel.kind === 'folder' ? mapped(reel, FOLDER, maps) : mapped(reel, MOVIE, maps);
}

function mapped<T extends object>(record: T, fields: FieldMaps<T>, maps: readonly PathMap[]): T {
  if (maps.length === 0) return record;
  const place: Place = (given) => mappedPath(given, maps);
  const entries = (Object.keys(record) as (keyof T)[]).map((name) => [name, fields[name](record[name], place)]);
  return Object.fromEntries(entries) as T;
}
