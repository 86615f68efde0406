import { readFile } from 'node:fs/promises';
import { type ListedShot, resolveShots } from '../../editorial/resolve-shots.ts';
import type { ShotList } from '../../editorial/shot-list.ts';
import { ShotListError } from '../../editorial/shot-list-error.ts';
import { assertShotListKind, readShotList } from '../../editorial/shot-list-formats.ts';
import { type FrameRange, lengthOf, overlap } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import { restorerNamed } from '../../restore/restorer-choice.ts';
import { RESTORERS, type RestorerName } from '../../restore/restorers.ts';
import { canonicalJson } from '../../settings/canonical-json.ts';
import { closestName } from '../../settings/closest-name.ts';
import { loadPreset, type Preset } from '../../settings/preset.ts';
import { PresetError } from '../../settings/preset-error.ts';
import type { InspectJob } from '../job.ts';

/** A shot that a person chose to be restored; frames beside all such shots are passed through. */
export interface ChosenShot extends FrameRange {
  readonly name: string;
  /** Where these differ from the run's. */
  readonly restorer?: RestorerName;
  readonly preset?: Preset;
  /** The only person who may be recognised in it; null = nobody is restored. */
  readonly cast?: string | null;
}

/** The groups of a preset on which tracks depend: tracks are the same for every shot of a run. */
const TRACKED_BY = ['proxy', 'tracking', 'carrying', 'smoothing', 'models'] as const;

/** Frames on either side of a chosen shot that are tracked with it: three standard deviations of the smoothing of the preset `restore`. */
const BESIDE = 12;

/**
 * A job's shot list, to be read before anything costs time; null where it has none.
 *
 * @throws ShotListError for a file that cannot be read, or is no list
 */
export async function askedList({ shots: file }: Pick<InspectJob, 'shots'>): Promise<ShotList | null> {
  if (file === undefined) return null;
  assertShotListKind(file);
  return readShotList(await textOf(file), file);
}

/**
 * The shots of a range that a list chooses, in order and apart from each other; null where there is no list.
 *
 * @throws ShotListError for a list that does not fit the reel or the job, PresetError for a preset of one of its shots that cannot be
 * used
 */
export async function chosenShots(
  list: ShotList | null,
  job: Pick<InspectJob, 'references' | 'find' | 'settings'>,
  { reel, range, preset }: { readonly reel: Reel; readonly range: FrameRange; readonly preset: Preset },
): Promise<{ readonly chosen: readonly ChosenShot[] | null; readonly notes: readonly string[] }> {
  if (list === null) return { chosen: null, notes: [] };
  const { file } = list;
  const { shots, notes } = resolveShots(list, reel);
  const asked = shots.filter((shot) => lengthOf(overlap(shot, range)) > 0);
  if (asked.length === 0) {
    throw new ShotListError({ file }, 'none of its shots has a frame in --range. Leave --range out, or widen it.');
  }
  const presets = presetLoader(preset, job.settings);
  const chosen: ChosenShot[] = [];
  for (const shot of asked) {
    chosen.push({ name: shot.name, ...overlap(shot, range), ...(await ownOf(shot, job, presets)) });
  }
  const frames = chosen.reduce((sum, shot) => sum + lengthOf(shot), 0);
  const counted = chosen.length === 1 ? '1 shot' : `${chosen.length} shots`;
  const rest = frames < lengthOf(range) ? '; the other frames are passed through' : '';
  return {
    chosen,
    notes: [...notes, `Shot list "${file}" chooses ${counted} with ${frames} of ${lengthOf(range)} frames${rest}.`],
  };
}

/** Parts of a range, in order, whose tracks the chosen shots need: smoothing and restorers look at the frames beside a frame. */
export function framesToTrack(chosen: readonly ChosenShot[] | null, range: FrameRange): FrameRange[] {
  return chosen?.map((shot) => overlap({ in: shot.in - BESIDE, out: shot.out + BESIDE }, range)) ?? [range];
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const got = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : (cause as Error).message;
    throw new ShotListError({ file }, `it cannot be read: ${got}. Check the path.`, { cause });
  }
}

async function ownOf(
  { wishes, place }: ListedShot,
  { references, find }: Pick<InspectJob, 'references' | 'find'>,
  presets: ReturnType<typeof presetLoader>,
): Promise<Pick<ChosenShot, 'restorer' | 'preset' | 'cast'>> {
  const { restorer, preset, cast } = wishes;
  if (typeof cast === 'string') {
    const people = [...new Set([...references, ...find].map(({ name }) => name))];
    if (!people.includes(cast)) throw unknown(place, `nobody called "${cast}" was given`, cast, people);
  }
  return {
    ...(restorer === undefined ? {} : { restorer: restorerOf(restorer, place, references.length > 0) }),
    ...(preset === undefined ? {} : { preset: await presets.load(preset, place) }),
    ...(cast === undefined ? {} : { cast }),
  };
}

function restorerOf(asked: string, place: ListedShot['place'], hasStills: boolean): RestorerName {
  const names = RESTORERS.map(({ name }) => name);
  const known = names.find((name) => name === asked);
  if (known === undefined) throw unknown(place, `there is no restorer "${asked}"`, asked, names);
  if (hasStills || restorerNamed(RESTORERS, known).needs.stills === 'none') return known;
  throw new ShotListError(
    place,
    `the restorer "${known}" needs the face to restore with. Add --reference and a still, or a folder of stills, of the actor.`,
  );
}

function unknown(place: ListedShot['place'], fault: string, asked: string, known: readonly string[]): ShotListError {
  const meant = closestName(asked, known);
  const advice = meant ? `Did you mean "${meant}"?` : `Known are: ${known.join(', ') || 'none'}.`;
  return new ShotListError(place, `${fault}. ${advice}`);
}

/** Loads presets, each once, that track as the run's does. */
function presetLoader(run: Preset, changes: InspectJob['settings']) {
  const loaded = new Map<string, Preset>();
  return {
    /** @throws PresetError for one that cannot be read, or that tracks otherwise */
    async load(nameOrPath: string, { file, where }: ListedShot['place']): Promise<Preset> {
      const known = loaded.get(nameOrPath);
      if (known) return known;
      const preset = await loadPreset(nameOrPath, RESTORERS, changes);
      const other = TRACKED_BY.find((group) => canonicalJson(preset[group]) !== canonicalJson(run[group]));
      if (other) {
        throw new PresetError(
          `Shot list "${file}", ${where}: preset "${nameOrPath}" differs from the run's preset "${run.name}" in "${other}", and tracks depend on that. Let the shot's preset extend "${run.name}" and change only casting and restorers, or restore the shot in a run of its own.`,
          { file: nameOrPath, key: other, expected: `the same as in "${run.name}"`, got: 'other settings' },
        );
      }
      loaded.set(nameOrPath, preset);
      return preset;
    },
  };
}
