import { join } from 'node:path';
import { contains, type FrameRange, lengthOf } from '../../film/range.ts';
import type { BegunAnalysis } from '../../pipeline/analysis/begin-analysis.ts';
import { rangeToTrack } from '../../pipeline/analysis/track-frames.ts';
import { type SpanFindings, trackSpan } from '../../pipeline/analysis/track-spans.ts';
import type { RunOptions } from '../../pipeline/run-options.ts';
import { hashOf } from '../../settings/canonical-json.ts';
import { type OrderSpan, orderFiles } from '../order/order.ts';
import type { OpenOrder } from './open-order.ts';
import { readSpan, SPAN_FORMAT, writeSpan } from './span-file.ts';
import type { StepContext, StepWork } from './step-context.ts';

/** Finds the faces of one span of an order. */
export async function trackStep(open: OpenOrder, index: number, context: StepContext): Promise<StepWork> {
  const span = open.order.spans[index];
  if (!span) throw new RangeError(`The order has ${open.order.spans.length} spans, and none numbered ${index}.`);
  const begun = await open.begun(context);
  const path = spanPath(open.work, begun, span);
  const frames = lengthOf(span.own);
  if (await readSpan(path)) return { already: true, frames };
  const found = await findFaces(begun, span, context);
  await context.mayPublish();
  await writeSpan(path, found);
  return { already: false, frames };
}

/** Where the findings of a span lie. Those of orders that track alike are the same. */
export function spanPath(
  work: string,
  { trackKey }: Pick<BegunAnalysis, 'trackKey'>,
  { range, own }: OrderSpan,
): string {
  const key = hashOf({ format: SPAN_FORMAT, ...trackKey }).slice(0, 16);
  const name = [range.in, range.out, own.in, own.out].join('-');
  return join(orderFiles(work).spans, key, `${name}.span`);
}

/** Looks at the frames of a span. */
export async function findFaces(
  { tracking: input }: Pick<BegunAnalysis, 'tracking'>,
  { range, own }: OrderSpan,
  { onProgress, signal }: RunOptions,
): Promise<SpanFindings> {
  const total = lengthOf(own);
  const { tracking } = input.networks;
  return trackSpan(rangeToTrack(range, input), own, { tracking, signal }, (frame, { faces, runs, skipped }) => {
    if (!contains(own, frame)) return;
    onProgress({ stage: 'tracking', done: frame - own.in + 1, total, unit: 'frames', faces, runs, skipped });
  });
}

/** A range as one span. */
export function wholeSpan(range: FrameRange): OrderSpan {
  return { range, own: range };
}
