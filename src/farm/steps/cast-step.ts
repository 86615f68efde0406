import { makeFolder } from '../../disk/durable.ts';
import { lengthOf } from '../../film/range.ts';
import { castBegun } from '../../pipeline/analysis/analyse.ts';
import { writeAnalysis } from '../../pipeline/analysis/analysis-file.ts';
import type { BegunAnalysis } from '../../pipeline/analysis/begin-analysis.ts';
import { orderFiles } from '../order/order.ts';
import { StepRefused } from '../order/order-error.ts';
import { givenUp, giveUp } from './failures.ts';
import type { OpenOrder } from './open-order.ts';
import { orderTracks, type TrackedSpan } from './order-tracks.ts';
import { readSpan } from './span-file.ts';
import { stepName } from './step.ts';
import type { StepContext, StepWork } from './step-context.ts';
import { analysisPath, readTakeList, writeTakeList } from './take-list.ts';
import { findFaces, spanPath, wholeSpan } from './track-step.ts';

/** Tells whose the faces of an order are, and cuts the reel into takes. Leaves the analysis and the list of takes beside the order. */
export async function castStep(open: OpenOrder, context: StepContext): Promise<StepWork> {
  const { work, order, job, resources } = open;
  const kept = await readTakeList(work, order);
  if (kept) return { already: true, frames: order.frames, takes: kept.length };
  const begun = await open.begun(context);
  const spans = await trackedSpans(open, begun, context);
  const analysis = await castBegun(job, begun, { ...resources, ...context }, () =>
    orderTracks(begun.asked, spans, (range) => findFaces(begun, wholeSpan(range), context)),
  );
  const plan = await open.planned(analysis, context);
  await context.mayPublish();
  await makeFolder(orderFiles(work).own(order.id));
  await writeAnalysis(analysisPath(work, order), analysis);
  const takes = await writeTakeList(work, order, plan);
  return { already: false, frames: lengthOf(analysis.range), takes: takes.length };
}

/** What is missing and may be passed over is given up. @throws StepRefused where one is missing that is not */
async function trackedSpans(
  { work, order }: OpenOrder,
  begun: BegunAnalysis,
  { passesMissing }: StepContext,
): Promise<TrackedSpan[]> {
  const without = await givenUp(work, order);
  const spans: TrackedSpan[] = [];
  for (const [index, span] of order.spans.entries()) {
    const found = await readSpan(spanPath(work, begun, span));
    const name = stepName({ kind: 'track', index });
    if (!found && !without.has(name)) {
      if (!passesMissing) {
        throw new StepRefused(
          `Step ${name} is not done yet, and the casting needs all of them. Run it, or try again later.`,
        );
      }
      await giveUp(work, order, { kind: 'track', index }, { attempts: 0, reason: 'nobody has looked for its faces.' });
    }
    spans.push({ ...span, found });
  }
  return spans;
}
