import { OutputError } from '../../disk/output-error.ts';
import { ReelError } from '../../film/reel-error.ts';
import { type FoundPicture, listPictures } from '../../media/read/pictures/list-pictures.ts';
import { deviceName } from '../../render/rendering-device.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import { hashOf } from '../../settings/canonical-json.ts';
import { inParallel } from '../../stream/in-parallel.ts';
import { openAnalysisResources } from '../analysis/analysis-resources.ts';
import { openNetworks } from '../analysis/open-networks.ts';
import { authorisationsNow, authorisedUse } from '../evidence/authorised-use.ts';
import type { RestoreJob, RestoreSummary } from '../job.ts';
import { restorerOfRun } from '../render/choose-restorer.ts';
import { deviceEvent } from '../render/device-event.ts';
import { assertNetworks } from '../render/networks-of-run.ts';
import type { RunDevice } from '../render/run-device.ts';
import type { RunOptions } from '../run-options.ts';
import { assertFolderApart } from '../work/output-kind.ts';
import { assertSpace } from '../work/space.ts';
import { stageClock } from '../work/stage-clock.ts';
import { faceDrawer } from './draw-faces.ts';
import { type EachOutput, type EachPlace, earlierReport, openEachOutput } from './each-output.ts';
import { reportPictures, summaryOfPictures } from './each-report.ts';
import { eachPreset, openEachRun, pictureKey } from './each-run.ts';
import { lanesOfMachine, openLanes } from './lanes.ts';
import { lostPictureEvent, pictureEvent } from './picture-event.ts';
import { type PictureTools, restorePicture } from './restore-picture.ts';

/**
 * Restores every picture of a folder by itself, in its own samples and its own file, under its own name in the folder `job.out`.
 * Pictures are done one by one: after a kill at any point the same job goes on with those that are not done.
 *
 * @throws what `restoreReel` does
 */
export async function restoreEach(job: RestoreJob, device: RunDevice, options: RunOptions): Promise<RestoreSummary> {
  const clock = stageClock(options.onProgress);
  const run = { ...options, onProgress: clock.onProgress };
  const place: EachPlace = { out: job.out, work: `${job.out}.work`, report: job.report ?? `${job.out}.report` };
  const preset = await eachPreset(job);
  await assertFolderApart(job.reel, { '--out': place.out, '--report': place.report });
  run.onProgress({ stage: 'reading', done: 0, total: 0, unit: 'pictures' });
  const list = await listPictures(job.reel);
  if (list.pictures.length === 0) throw withoutPictures(job.reel, list.others);

  using resources = await openAnalysisResources(job, options);
  await assertNetworks(job, { preset, chosen: null }, resources.library);
  await using networks = await openNetworks(job, preset, resources.library, run);
  const each = await openEachRun(job, preset, networks, resources, run);
  const chosen = await device.choose();
  run.onEvent(deviceEvent(chosen));
  for (const lost of list.lost) run.onEvent(lostPictureEvent(lost));
  const runKey = hashOf({ origin: each.origin, device: deviceName(chosen.device) });
  const earlier = await earlierReport(place);

  await using output = await openEachOutput(place);
  const { todo, changed } = await picturesToDo(list.pictures, output, runKey, job.verifyReel);
  if (earlier && changed > 0 && !job.redo) {
    await output.close();
    throw needsRedo(place, changed);
  }
  await assertSpace(
    place.out,
    todo.reduce((sum, { bytes }) => sum + bytes, 0),
  );

  const names = new Set(list.pictures.map(({ name }) => name));
  const threshold = each.people.references.length + each.people.finds.length > 0 ? each.limits.threshold : null;
  const tools: PictureTools = {
    ...{ run: each, runKey, output, threshold, signal: run.signal },
    drawer: faceDrawer(place.report),
  };
  let looked = 0;
  let done = 0;
  if (todo.length > 0) {
    const report = () => run.onProgress({ stage: 'rendering', done: looked, total: todo.length, unit: 'pictures' });
    report();
    await using lanes = await openLanes(Math.min(lanesOfMachine(), todo.length), networks, device, {
      lostDevice: preset.takes.lostDevice,
      onEvent: run.onEvent,
    });
    const free = [...lanes.all];
    await inParallel(todo.length, lanes.all.length, async (k) => {
      run.signal.throwIfAborted();
      const lane = free.pop();
      if (!lane) throw new Error('Unreachable: as many pictures are in work as there are lanes.');
      const record = await restorePicture(todo[k] as FoundPicture, lane, tools);
      free.push(lane);
      if (record) {
        await output.finish(record);
        run.onEvent(pictureEvent(record));
      }
      if (record) done += 1;
      looked += 1;
      report();
    });
  }

  run.onProgress({ stage: 'report', done: 0, total: 0, unit: 'pictures' });
  const records = [...output.records.values()].filter(({ name }) => names.has(name));
  const restorer = restorerOfRun(RESTORERS, preset, job, each.people.references.length > 0).name;
  const use = authorisedUse(job, [{ brief: { restorer: { name: restorer } } }]);
  const told = (done < records.length && earlier?.authorisations) || [];
  const authorisations = authorisationsNow(told, use);
  const facts = {
    ...{ job, run: each, runKey, place, list, records, restorer, threshold, done, authorisations },
    device: { name: deviceName(chosen.device), reason: chosen.reason },
  };
  const isDone = earlier?.job === runKey && todo.length === 0 && earlier.pictures.in === names.size + list.lost.length;
  const isTold = authorisations.length === told.length;
  const report = isDone && isTold ? earlier : await reportPictures(facts, () => clock.seconds());
  await output.close();
  return summaryOfPictures(report, place, { maxIsolated: job.maxIsolated, isDone });
}

/**
 * The pictures that are not done as this run would do them. `changed`: those of them that an earlier run has done otherwise.
 *
 * @param verifies true: what an earlier run knew of a file is not believed by its size and time
 */
async function picturesToDo(
  pictures: readonly FoundPicture[],
  output: EachOutput,
  runKey: string,
  verifies: boolean,
): Promise<{ readonly todo: readonly FoundPicture[]; readonly changed: number }> {
  const todo: FoundPicture[] = [];
  let changed = 0;
  for (const picture of pictures) {
    const known = output.records.get(picture.name);
    const isSame = known && known.source.bytes === picture.bytes && known.source.written === picture.written;
    const isMeant = known && known.key === pictureKey(runKey, picture.name, known.source.sha256);
    // A picture of which nothing could be read may be readable now.
    if (isSame && isMeant && !verifies && known.outcome !== 'lost' && (await output.holds(known))) continue;
    if (known?.output && !isMeant) changed += 1;
    todo.push(picture);
  }
  return { todo, changed };
}

function needsRedo({ out }: EachPlace, changed: number): OutputError {
  return new OutputError(
    out,
    `--out "${out}" is finished: an earlier run made it, on another device or with other settings, people or networks, and ${changed} of its pictures would be replaced. Add --redo to replace them, or choose another --out.`,
  );
}

function withoutPictures(folder: string, others: ReadonlyMap<string, number>): ReelError {
  const [most] = [...others].sort((a, b) => b[1] - a[1]);
  const there = most ? ` It has ${most[1]} of the kind "${most[0]}", which is not read.` : '';
  return new ReelError(
    `"${folder}" holds no pictures, nor does any folder in it: dpx, tif, png, jpg and exr are read.${there} Check the path, or convert them first.`,
  );
}
