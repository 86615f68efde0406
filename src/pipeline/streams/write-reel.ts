import { lastValueFrom, type OperatorFunction } from 'rxjs';
import { contains, lengthOf } from '../../film/range.ts';
import { streamOf } from '../../stream/stream-of.ts';
import { untilAborted } from '../../stream/until-aborted.ts';
import type { RestoreSummary } from '../job.ts';
import { type RunOptions, runOptions } from '../run-options.ts';
import { conformTakes } from '../work/conform-takes.ts';
import { openOutput } from '../work/output-life.ts';
import { runNotes } from '../work/run-notes.ts';
import { gatherTakes } from './gather-takes.ts';
import type { RestoredTake } from './restore-faces.ts';

/** What was written; as in `RestoreSummary`. */
export type WrittenReel = Pick<
  RestoreSummary,
  'outputs' | 'frames' | 'restored' | 'isolated' | 'missing' | 'takesRedone' | 'takesKept' | 'notes'
>;

/**
 * Joins the takes of `restoreFaces` to its `out` when the last one has come, delivers the mattes, removes the work folder unless it is to
 * be kept, and emits what was written; nothing where no take came. The output appears whole under its name, or not at all.
 *
 * Errors with OutputError where takes are missing, and for trouble with the target; else as `restoreReel` does. Unsubscribing, or aborting
 * the signal, stops it; the takes stay then.
 *
 * What differs from `restoreReel`: no report is written, by which a later run would know the output as its own.
 */
export function writeReel(options: Partial<RunOptions> = {}): OperatorFunction<RestoredTake, WrittenReel> {
  const { signal: stop, ...told } = runOptions(options);
  return (takes) =>
    streamOf(async (emit, signal) => {
      const run = { ...told, signal };
      const all = await lastValueFrom(takes.pipe(gatherTakes(), untilAborted(signal)), { defaultValue: null });
      if (!all) return;
      const { plan, memory } = all[0].run;
      const { reel, range } = plan.analysis;
      await using output = await openOutput(plan.place, plan.key, plan.target);
      const outputs = await conformTakes(plan, output, all, run);
      await output.finish(all.map(({ take }) => take));
      const redone = all.filter((take) => take.redone).length;
      emit({
        outputs: outputs.map(({ path }) => path),
        frames: lengthOf(range),
        missing: lengthOf(range) - (outputs[0]?.frames ?? 0),
        restored: all.reduce((sum, { record }) => sum + record.restored, 0),
        isolated: [...reel.damaged.keys()].filter((frame) => contains(range, frame)).length,
        takesRedone: redone,
        takesKept: all.length - redone,
        notes: [...new Set([...runNotes(plan, memory), ...all.flatMap(({ record }) => record.notes)])],
      });
    }, stop);
}
