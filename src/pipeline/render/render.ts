import { concatMap, from, lastValueFrom, type Observable, tap } from 'rxjs';
import { plateColourOf } from '../../film/plate-colour.ts';
import { lengthOf } from '../../film/range.ts';
import { pictureBytes } from '../../film/sample-format.ts';
import type { Shot, Take } from '../../film/shot.ts';
import type { RunEvent } from '../../log/run-event.ts';
import { decodePlates } from '../../media/read/decode.ts';
import type { PlateDecoder } from '../../media/read/decode-copies.ts';
import type { Segment } from '../../media/write/target.ts';
import { deviceName, type RenderingDevice } from '../../render/rendering-device.ts';
import { type FramePool, framePool } from '../../stream/frame-pool.ts';
import { streamOf } from '../../stream/stream-of.ts';
import { faceSampler } from '../evidence/face-sampler.ts';
import { type EvidenceOptions, takeEvidence } from '../evidence/take-evidence.ts';
import type { SideOutput } from '../handover/side-output.ts';
import type { FacesToKey } from '../kept/face-keys.ts';
import type { FaceKeeper } from '../kept/kept-faces.ts';
import type { RunOptions } from '../run-options.ts';
import type { OutputInWork } from '../work/output-life.ts';
import type { RunPlan } from '../work/plan-run.ts';
import type { FinishedTake, KeyedTake, TakeFolders } from '../work/take-folders.ts';
import { takeKey } from '../work/take-key.ts';
import { takeRecord } from '../work/take-record.ts';
import { type CastTrack, tracksIn } from './cast-track.ts';
import { networksOf } from './choose-restorer.ts';
import { holdoutsAt } from './holdouts.ts';
import { workersOfMachine } from './memory-of-run.ts';
import type { MemoryPlan } from './plan-memory.ts';
import { renderTake } from './render-take.ts';
import { renderersFor } from './renderers-for.ts';
import { type RenderingCount, renderingCount } from './rendering-count.ts';
import type { DeviceForTake, RunDevice, TakeOnDevice } from './run-device.ts';
import { takeEvents, takeLabels } from './take-events.ts';

/** A take of a run that lies whole in its folder. */
export interface RenderedTake extends FinishedTake {
  readonly take: KeyedTake;
  /** True where this run rendered it, false where an earlier one had. */
  readonly redone: boolean;
}

/** What takes are rendered by. */
export interface TakesBy {
  readonly device: Pick<RunDevice, 'renderOn'>;
  /** Finds faces that an earlier preview has rendered; absent: all are rendered. */
  readonly keeper?: FaceKeeper;
  /** Finished takes that were found whole a moment ago, by their keys; they are not read again. */
  readonly found?: ReadonlyMap<string, FinishedTake>;
  /** Reads the plates that are rendered; default `decodePlates`. */
  readonly decode?: PlateDecoder;
}

/**
 * The takes of a run, one after another as they are finished: those that an earlier run has finished as this one would as they are,
 * the others rendered, or copied where nothing in them is restored. A kill costs one take at most, and the team is busy with the
 * frames of one. A take whose device fails is begun anew; see `RunDevice.renderOn`.
 *
 * Unsubscribing, and aborting the signal, stops the take that is being rendered and removes what was not finished of it.
 */
export function renderTakes(
  plan: RunPlan,
  memory: MemoryPlan,
  output: Pick<OutputInWork, 'takes' | 'assertSpace'>,
  { device, keeper, found = new Map(), decode = decodePlates, ...options }: RunOptions & TakesBy,
): Observable<RenderedTake> {
  return streamOf(async (emit, signal) => {
    const { analysis, tracks, target, takes, place, recogniser } = plan;
    const { reel } = analysis;
    const { sides } = place;
    const finished = await finishedTakes(takes, output.takes, { sides, found });
    const missing = takes.filter(({ key }) => !finished.has(key));
    await output.assertSpace(target.estimatedBytes(framesIn(missing)), takes);

    const colour = plateColourOf(reel);
    const network = { recogniser: recogniser.id, device: analysis.device };
    await using sampler = faceSampler(network, colour, tracks);
    const toldOf = (take: KeyedTake) => (event: RunEvent) =>
      options.onEvent({ ...event, labels: { ...takeLabels(take, reel), ...event.labels } });
    const onDevice: Omit<TakeOnDevice, 'onEvent'> = {
      plates: memory.workers,
      renderers: renderersFor(missing, tracks, Math.min(workersOfMachine(), memory.workers), (take) =>
        keeper ? keeper.known(facesToKey(plan, take, plan.device)) : [],
      ),
      lostDevice: analysis.preset.takes.lostDevice,
    };
    const render = takeRenderer(plan, {
      onDevice: (take, work) => device.renderOn({ ...onDevice, onEvent: toldOf(take) }, work),
      ...(keeper ? { keeper } : {}),
      decode,
      pool: framePool(memory.plates, pictureBytes(reel.format, reel.width, reel.height)),
      folders: output.takes,
      evidence: { reel, colour, sampler, sides },
      count: renderingCount(framesIn(takes), framesIn(takes) - framesIn(missing), options.onProgress),
      signal,
    });
    const ready = async (take: KeyedTake): Promise<RenderedTake> => {
      signal.throwIfAborted();
      const known = finished.get(take.key);
      const finishedTake = known ?? (await render(take));
      const rendered = {
        take: { ...take, key: finishedTake.record.key },
        redone: known === undefined,
        ...finishedTake,
      };
      for (const event of takeEvents(rendered, tracksIn(tracks, take))) toldOf(take)(event);
      return rendered;
    };
    await lastValueFrom(from(takes).pipe(concatMap(ready), tap(emit)), { defaultValue: undefined });
  }, options.signal);
}

function framesIn(takes: readonly KeyedTake[]): number {
  return takes.reduce((sum, take) => sum + lengthOf(take), 0);
}

/** The takes that earlier runs have finished as this one would, by their keys. */
async function finishedTakes(
  takes: readonly KeyedTake[],
  folders: TakeFolders,
  { sides, found }: { readonly sides: readonly SideOutput[]; readonly found: ReadonlyMap<string, FinishedTake> },
): Promise<ReadonlyMap<string, FinishedTake>> {
  const finished = new Map(found);
  const ids = sides.map(({ id }) => id);
  for (const take of takes) {
    if (found.has(take.key)) continue;
    const whole = await folders.find(take, ids);
    if (whole) finished.set(take.key, whole);
  }
  return finished;
}

/** What is open while takes are rendered. */
interface Rendering {
  readonly onDevice: <T>(take: KeyedTake, work: (on: DeviceForTake) => Promise<T>) => Promise<T>;
  readonly keeper?: FaceKeeper;
  readonly decode: PlateDecoder;
  readonly pool: FramePool;
  readonly folders: TakeFolders;
  readonly evidence: EvidenceOptions;
  readonly count: RenderingCount;
  readonly signal: AbortSignal;
}

/** Renders or copies a take into its folder. */
function takeRenderer(plan: RunPlan, rendering: Rendering): (take: KeyedTake) => Promise<FinishedTake> {
  const { onDevice, folders } = rendering;
  return async (take) => {
    if (!take.touched) return copied(take, plan, rendering);
    const others = await folders.devicesOf(take);
    return onDevice(take, (on) => {
      const notes = others.map((name) => renderedAnew(name, deviceName(on.device)));
      return rendered({ ...take, key: takeKey(take, take.content, on.device) }, plan, rendering, {
        ...on,
        notes: [...notes, ...on.notes],
      });
    });
  };
}

function renderedAnew(before: string, now: string): string {
  return `Takes that an earlier run had rendered on ${before} were rendered anew on ${now}: no two devices make the same bits.`;
}

function copied(
  take: KeyedTake,
  { target }: Pick<RunPlan, 'target'>,
  { folders, count, signal }: Rendering,
): Promise<FinishedTake> {
  return folders.write(take, async (folder) => {
    const clock = takeClock();
    const notes = new Set<string>();
    const segment = await target.copyTake(take, { folder, signal, note: (sentence) => void notes.add(sentence) });
    count.frames(lengthOf(take));
    const what = { ...{ device: 'copy', restored: 0, sides: [], notes: [...notes] }, ...writtenOf(segment) };
    const record = takeRecord({ ...factsOf(take), ...what, seconds: clock() });
    return { segment, record, faces: { recogniser: null, faces: [] } };
  });
}

function rendered(
  take: KeyedTake,
  plan: RunPlan,
  { keeper, decode, pool, folders, evidence, count, signal }: Rendering,
  { team, device, notes: before }: DeviceForTake,
): Promise<FinishedTake> {
  return folders.write(take, async (folder) => {
    const { analysis, tracks, target, ffmpeg, recogniser } = plan;
    const { reel, overrides } = analysis;
    const faces = facesToKey(plan, take, device);
    const clock = takeClock();
    const notes = new Set<string>(before);
    const place = { folder, signal, note: (sentence: string) => void notes.add(sentence) };
    const own = faces.tracks;
    const observer = takeEvidence(folder, take, own, evidence);
    let counted = 0;
    const rendering = renderTake(take, {
      reel,
      shot: faces.shot,
      target,
      tracks,
      holdouts: (frame) => holdoutsAt(overrides, frame, reel),
      team,
      ...(keeper ? { kept: (draws) => keeper.find(faces, draws) } : {}),
      decode: (frames) => decode(reel, frames, { pool, ffmpeg, signal }),
      place,
      observer,
      onFace: count.face,
      onFrame: (_, faces) => {
        counted += 1;
        count.frames(1, faces);
      },
    });
    const {
      segment,
      restored,
      kept,
      faces: outcomes,
    } = await rendering.catch((error: unknown) => {
      // They may be rendered anew.
      count.frames(-counted);
      throw error;
    });
    const pictured = await observer.finish();
    const sides = evidence.sides.map(({ id }) => id);
    const what = {
      ...{ device: devicesOf(device, own), restored, sides, notes: [...notes] },
      ...writtenOf(segment),
      ...(kept > 0 ? { kept } : {}),
    };
    return {
      segment,
      record: takeRecord({ ...factsOf(take), ...what, seconds: clock() }),
      faces: {
        recogniser: recogniser.hash,
        faces: outcomes.map((face, k) => ({ ...face, pair: null, sheets: [], ...pictured[k] })),
      },
    };
  });
}

function facesToKey({ analysis, tracks }: RunPlan, take: Take, device: RenderingDevice): FacesToKey {
  return { take, shot: analysis.tracked.shots[take.shot] as Shot, tracks: tracksIn(tracks, take), device };
}

/** What a take is rendered on, and what its restorers' networks ran on where that is another processor. */
function devicesOf(device: RenderingDevice, tracks: readonly CastTrack[]): string {
  const networks = tracks.find(({ brief }) => networksOf(brief.restorer).length > 0)?.brief.device ?? 'cpu';
  return networks === 'cpu' ? deviceName(device) : `${deviceName(device)}, networks on ${networks}`;
}

function factsOf({ key, content, shot, in: from, out }: KeyedTake) {
  return { key, content, shot, in: from, out };
}

/** What a record holds of the files of a take. */
function writtenOf({ in: _, out: __, folder: ___, ...written }: Segment): Omit<Segment, 'in' | 'out' | 'folder'> {
  return written;
}

/** Seconds since it was asked for. */
function takeClock(): () => number {
  const started = performance.now();
  return () => (performance.now() - started) / 1000;
}
