import { concatMap, lastValueFrom, toArray } from 'rxjs';
import { boxOfLandmarks } from '../../src/face/box.ts';
import type { Box } from '../../src/face/observation.ts';
import type { Reel } from '../../src/film/reel.ts';
import { decodeProxy } from '../../src/media/read/proxy.ts';
import { openDetector } from '../../src/model/detector.ts';
import { analyse } from '../../src/pipeline/analysis/analyse.ts';
import { openAnalysisResources } from '../../src/pipeline/analysis/analysis-resources.ts';
import { reelPrint } from '../../src/pipeline/analysis/reel-print.ts';
import { memoryOfRun } from '../../src/pipeline/render/memory-of-run.ts';
import { renderTakes } from '../../src/pipeline/render/render.ts';
import { parseRestore } from '../../src/pipeline/request/parse-request.ts';
import type { RestoreRequest } from '../../src/pipeline/request/request.ts';
import { conformTakes } from '../../src/pipeline/work/conform-takes.ts';
import { openOutput } from '../../src/pipeline/work/output-life.ts';
import { planRun } from '../../src/pipeline/work/plan-run.ts';
import { framePool } from '../../src/stream/frame-pool.ts';
import { jobOf, QUIET } from './job-of.ts';
import { thisThread } from './on-this-thread.ts';

/** Share of a face's width by which a detection of it lies beside its landmarks at most. */
const BESIDE = 0.25;

/** A scan whose faces were tracked once, for other reels that show the same frames. */
export interface TrackedScan extends AsyncDisposable {
  /** In which frames of a reel the detector finds the face where it is in the scan, and nothing else, from 0. */
  facesIn(reel: Reel): Promise<number[]>;
  /** Restores a reel with the scan's tracks: the second half of `restoreReel`, on this thread. Answers the frames that were restored. */
  restore(reel: Reel, request: Omit<RestoreRequest, 'reel'>): Promise<number>;
}

/** Tracks the scan, which shows one face. */
export async function trackScan(scan: string, stills: string): Promise<TrackedScan> {
  const job = parseRestore(jobOf(scan, `${scan}-out`, stills));
  const resources = await openAnalysisResources(job, QUIET);
  const { ffmpeg, library } = resources;
  const analysis = await analyse(job, resources, QUIET);
  const observations = analysis.tracked.tracks.flatMap((track) => track.observations);
  const { smallestFace } = analysis.preset.tracking;
  const detector = await openDetector(library, analysis.preset.models.detector);
  const { threshold } = detector;

  return {
    async facesIn(reel) {
      const { width, height } = reel;
      const decoding = { pool: framePool(2, 3 * width * height), ffmpeg, signal: QUIET.signal };
      const looks = decodeProxy(reel, { in: 0, out: reel.frames }, { width, height }, decoding).pipe(
        concatMap(async ({ frame, loan }) => {
          const picture = { width, height, rgb: loan.bytes };
          const { detections } = await detector.detect(picture, { threshold, smallestFace: smallestFace * width });
          loan.release();
          const known = observations.find((one) => one.frame === frame);
          const [found, ...others] = detections;
          const isThere = known && found && liesOver(found.box, boxOfLandmarks(known.landmarks));
          return isThere && others.length === 0 ? frame : -1;
        }),
        toArray(),
      );
      return (await lastValueFrom(looks)).filter((frame) => frame >= 0);
    },

    async restore(reel, request) {
      await using device = thisThread();
      const own = { ...analysis, reel, print: await reelPrint(reel, { verify: false }) };
      const run = { ...QUIET, device };
      const plan = await planRun(parseRestore({ ...request, reel: reel.path }), own, resources, run);
      await using output = await openOutput(plan.place, plan.key, plan.target);
      const memory = memoryOfRun(reel, plan.tracks, plan.device);
      const takes = await lastValueFrom(renderTakes(plan, memory, output, run).pipe(toArray()));
      await conformTakes(plan, output, takes, QUIET);
      await output.finish(takes.map(({ take }) => take));
      return takes.reduce((sum, { record }) => sum + record.restored, 0);
    },

    async [Symbol.asyncDispose]() {
      resources[Symbol.dispose]();
      await detector[Symbol.asyncDispose]();
    },
  };
}

function liesOver([x, y, width, height]: Box, [left, top, across, down]: Box): boolean {
  const beside = Math.hypot(x + width / 2 - left - across / 2, y + height / 2 - top - down / 2);
  return beside < BESIDE * across;
}
