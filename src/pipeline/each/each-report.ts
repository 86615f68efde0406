import { packageVersion } from '../../disk/package-version.ts';
import type { PictureList } from '../../media/read/pictures/list-pictures.ts';
import { doubtOf } from '../../report/pictures/doubt.ts';
import type { PictureRecord } from '../../report/pictures/picture-record.ts';
import { PICTURES_FORMAT, type PicturesReport } from '../../report/pictures/pictures-report.ts';
import { writePicturesReport } from '../../report/pictures/write-pictures-report.ts';
import type { RestoreJob, RestoreSummary } from '../job.ts';
import { peakMemoryMiB } from '../work/memory-peak.ts';
import type { EachPlace } from './each-output.ts';
import type { EachRun } from './each-run.ts';

/** What a run did, gathered at its end. */
export interface EachFacts {
  readonly job: RestoreJob;
  readonly run: EachRun;
  readonly runKey: string;
  readonly place: EachPlace;
  readonly list: PictureList;
  /** Of every picture of the list. */
  readonly records: readonly PictureRecord[];
  readonly restorer: string;
  readonly device: PicturesReport['device'];
  readonly threshold: number | null;
  /** Pictures that this run did. */
  readonly done: number;
  /** Records under which faces were put in others' places. */
  readonly authorisations: NonNullable<PicturesReport['authorisations']>;
}

/** Kinds of files that a note names. */
const NAMED = 5;

/** Writes the report of a run and returns it. */
export async function reportPictures(
  { job, run, runKey, place, list, records, restorer, device, threshold, done, authorisations }: EachFacts,
  seconds: () => PicturesReport['seconds'],
): Promise<PicturesReport> {
  const named = (outcome: PictureRecord['outcome']) => records.filter((record) => record.outcome === outcome);
  const faces = records.flatMap((record) => record.faces);
  const ended = (outcome: (typeof faces)[number]['outcome']) => faces.filter((face) => face.outcome === outcome).length;
  const lost = [...list.lost, ...named('lost').map(({ name, why = '' }) => ({ name, why }))];
  const doubts = records
    .map((record) => ({ record, ...doubtOf(record, threshold) }))
    .sort((a, b) => b.weight - a.weight || (a.record.name < b.record.name ? -1 : 1));
  const report: PicturesReport = {
    format: PICTURES_FORMAT,
    version: packageVersion(),
    finished: new Date().toISOString(),
    job: runKey,
    folder: job.reel,
    out: place.out,
    preset: { name: run.preset.name, hash: run.preset.hash },
    restorer,
    device,
    models: { ...run.models },
    networks: [...run.licences],
    people: [...new Set([...run.people.references, ...run.people.finds].map(({ name }) => name))],
    threshold,
    pictures: {
      in: records.length + list.lost.length,
      out: records.filter(({ output }) => output).length,
      restored: named('restored').length,
      untouched: named('untouched').length,
      damaged: named('damaged').length,
      lost: lost.length,
    },
    faces: { restored: ended('restored'), refused: ended('refused'), unmatched: ended('unmatched') },
    done,
    kept: records.length - done,
    doubtful: doubts.filter(({ weight }) => weight > 0).length + list.lost.length,
    runs: sums(records.map(({ runs }) => runs)),
    perPicture: sums(records.map((record) => record.seconds)),
    peakMemoryMiB: peakMemoryMiB(),
    notes: [...new Set([...run.notes, ...otherNotes(list.others), ...records.flatMap(({ notes }) => notes)])],
    ...(authorisations.length > 0 ? { authorisations: [...authorisations] } : {}),
    // Last: the stage of the report is one of them.
    seconds: { ...seconds() },
  };
  await writePicturesReport(place.report, { report, doubts, lost: list.lost });
  return report;
}

function sums<Key extends string>(records: readonly Readonly<Record<Key, number>>[]): Record<Key, number> {
  const keys = Object.keys(records[0] ?? {}) as Key[];
  const sum = (key: Key) => records.reduce((all, record) => all + record[key], 0);
  return Object.fromEntries(keys.map((key) => [key, sum(key)])) as Record<Key, number>;
}

/** Files of kinds that are not read, in a sentence. */
function otherNotes(others: ReadonlyMap<string, number>): string[] {
  const count = [...others.values()].reduce((sum, one) => sum + one, 0);
  if (count === 0) return [];
  const kinds = [...others].sort((a, b) => b[1] - a[1]).slice(0, NAMED);
  const said = kinds.map(([extension, files]) => `${files} ${extension === '' ? 'without an extension' : extension}`);
  return [
    `${count === 1 ? '1 file of another kind was' : `${count} files of other kinds were`} left out, and the output lacks ${count === 1 ? 'it' : 'them'}: ${said.join(', ')}.`,
  ];
}

/** What a person is told at the end of a run. */
export function summaryOfPictures(
  { pictures, faces, done, kept, device, notes }: PicturesReport,
  { out, report }: EachPlace,
  { maxIsolated, isDone }: { readonly maxIsolated: number; readonly isDone: boolean },
): RestoreSummary {
  const isolated = pictures.damaged + pictures.lost;
  return {
    unit: 'pictures',
    ...{ outputs: [out], report, device, notes },
    frames: pictures.in,
    restored: pictures.restored,
    isolated,
    missing: pictures.lost,
    tooManyIsolated: isolated > maxIsolated * pictures.in,
    alreadyDone: isDone,
    ...{ masters: [], mastersFailed: [] },
    takesRedone: isDone ? 0 : done,
    takesKept: isDone ? pictures.in : kept,
    faces: { tracks: faces.restored, refused: faces.refused, sharpness: null, likenessGain: null },
  };
}
