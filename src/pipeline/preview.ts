import { basename, join } from 'node:path';
import { packageVersion } from '../disk/package-version.ts';
import { type FaceDevice, wishedDevices } from '../render/rendering-device.ts';
import { RESTORERS } from '../restore/restorers.ts';
import { loadPreset } from '../settings/preset.ts';
import { analyse } from './analysis/analyse.ts';
import { type AnalysisResources, openAnalysisResources } from './analysis/analysis-resources.ts';
import type { PreviewJob, PreviewSummary } from './job.ts';
import { facesFolder, openFaceStore } from './kept/face-store.ts';
import { compareVersions } from './preview/compared-versions.ts';
import { openFrameRenderer } from './preview/frame-renderer.ts';
import { assertPreview, openPreviewFolder } from './preview/preview-folder.ts';
import { type PreviewFrames, previewFrames } from './preview/preview-frames.ts';
import { growingPage, PAGE } from './preview/preview-pages.ts';
import { jobOf, type PlannedVersion, planVersion, rendersAlike } from './preview/preview-version.ts';
import { restoredPath, restoreWords, shellLine } from './preview/restore-command.ts';
import { showVersion } from './preview/shown-version.ts';
import { assertRunAuthorised } from './render/authorised-run.ts';
import { restorerOfRun } from './render/choose-restorer.ts';
import { hidingFacts, hidingNotes } from './render/hiding-facts.ts';
import { assertNetworks } from './render/networks-of-run.ts';
import { openRunDevice, type RunDevice } from './render/run-device.ts';
import { parsePreview } from './request/parse-request.ts';
import type { PreviewRequest } from './request/request.ts';
import { type RunOptions, runOptions } from './run-options.ts';
import { assertApart } from './work/output-kind.ts';

/** What a preview tells while it is made. */
export interface PreviewOptions extends RunOptions {
  /** Called once, with the path of the page, before its first picture is there. */
  readonly onPage: (path: string) => void;
}

/**
 * Shows what restoring a reel would do to some of its frames, before and after, in a folder with a page. Nothing else is written but
 * the caches; an earlier preview in the folder goes.
 *
 * @throws UsageError for a request that means nothing; ReelError, StillError, PresetError for an input that cannot be used;
 * OutputError for a folder that is no preview or cannot be written; FfmpegError, ModelError, ContractError, DeviceError for what they
 * name. Aborting rejects with the signal's reason, and leaves what was finished.
 */
export async function previewReel(
  request: PreviewRequest,
  options: Partial<PreviewOptions> = {},
): Promise<PreviewSummary> {
  return previewJob(parsePreview(request), { ...runOptions(options), onPage: options.onPage ?? (() => {}) });
}

/**
 * The same for a request that is parsed already.
 *
 * @param program.openDevice opens what faces are rendered on
 */
export async function previewJob(
  job: PreviewJob,
  { onPage, ...run }: PreviewOptions,
  { openDevice = openRunDevice }: { readonly openDevice?: (wish: FaceDevice) => Promise<RunDevice> } = {},
): Promise<PreviewSummary> {
  await assertPreview(job.out);
  await using device = await openDevice(wishedDevices(job.device).faces);
  // Whatever it comes to is told to whoever renders.
  device.choose().catch(() => {});
  using resources = await openAnalysisResources(job, run);
  const { ffmpeg } = resources;
  const { versions, frames, notes } = await planPreview(job, resources, run);
  const [first] = versions;
  const { reel } = first.analysis;

  await using folder = await openPreviewFolder(job.out);
  const out = restoredPath(job.out, reel);
  const page = growingPage(folder, {
    title: basename(reel.path),
    said: frames.said,
    how: versions.length > 1 ? `${versions.length} versions are compared.` : howSaid(first),
    ways: versions.map(({ version, name }) => ({ name, command: shellLine(restoreWords(job, version, out)) })),
    notes,
    version: packageVersion(),
  });
  await page.show({});
  onPage(join(folder.path, PAGE));
  try {
    const store = await openFaceStore(facesFolder(), first.analysis.print);
    const render = await openFrameRenderer(versions, frames.takes, device, { ...run, store, ffmpeg });
    const making = { ...run, folder, page, render, ffmpeg };
    const counts = await (versions.length > 1
      ? compareVersions(versions, frames, making)
      : showVersion(first, frames, making));
    const { note } = await store.finish();
    return {
      page: join(folder.path, PAGE),
      shown: frames.said,
      frames: counts.frames,
      restored: counts.restored,
      notes: [...notes, ...counts.notes, ...(note ? [note] : [])],
    };
  } catch (error) {
    // It would load itself anew for ever.
    await page.show({ running: false, notes: [STOPPED] }).catch(() => {});
    throw error;
  }
}

const STOPPED = 'This preview was stopped before all of its pictures were made.';

/** What is shown, and what a person should know of it. */
interface PreviewPlan {
  readonly versions: readonly [PlannedVersion, ...PlannedVersion[]];
  readonly frames: PreviewFrames;
  readonly notes: readonly string[];
}

async function planPreview(job: PreviewJob, resources: AnalysisResources, run: RunOptions): Promise<PreviewPlan> {
  const [version = { settings: {} }, ...others] = job.versions;
  const asked = jobOf(job, version);
  const known = await analyse({ ...asked, widens: true }, resources, run, async (opened) => {
    for (const one of [version, ...others]) {
      const asks = jobOf(job, one);
      const preset = await loadPreset(asks.preset, RESTORERS, asks.settings);
      assertRunAuthorised(asks, { ...opened, preset });
      await assertNetworks(asks, { ...opened, preset }, resources.library);
    }
    await assertApart(opened.reel, job.out);
  });
  const notes = [...known.notes];
  const first = await planVersion(job, version, known, resources, run);
  const versions: [PlannedVersion, ...PlannedVersion[]] = [first];
  for (const other of others) {
    const planned = await planVersion(job, other, known, resources, run);
    const same = versions.find((one) => rendersAlike(one, planned));
    if (same) notes.push(`“${planned.name}” restores as “${same.name}” does, and is left out.`);
    else versions.push(planned);
  }
  // Versions mostly hide the same frames: what holds of several is said once.
  const hiding = new Set(versions.flatMap(hidingNotesOf));
  return { versions, frames: previewFrames(job, known, first.tracks), notes: [...notes, ...hiding] };
}

function hidingNotesOf({ analysis, tracks, job }: PlannedVersion): string[] {
  const facts = hidingFacts(analysis, tracks, job);
  return facts ? hidingNotes(facts, analysis.reel.first, 'preview') : [];
}

/** By which restorer and preset, as a sentence. */
function howSaid({ analysis, job }: PlannedVersion): string {
  const { preset, references, reelStills } = analysis;
  const restorer = restorerOfRun(RESTORERS, preset, job, references.length > 0 || reelStills.size > 0);
  return `Restored with “${restorer.name}”, preset “${preset.name}”.`;
}
