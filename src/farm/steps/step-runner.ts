import { ModelError } from '../../model/model-error.ts';
import { readOrder } from '../order/order.ts';
import { readOrderEnd } from '../order/order-end.ts';
import { StepRefused } from '../order/order-error.ts';
import { castStep } from './cast-step.ts';
import { conformStep } from './conform-step.ts';
import { type OpenOrder, type OrderView, openOrder } from './open-order.ts';
import type { Step, StepDone, StepKind } from './step.ts';
import type { StepContext, StepWork } from './step-context.ts';
import { takeStep } from './take-step.ts';
import { trackStep } from './track-step.ts';

/** A step of an order, and where that order is. */
export interface StepToRun {
  readonly view: OrderView;
  /** The order's. */
  readonly id: string;
  readonly step: Step;
}

/** Does one step after another. The order of the last one stays open, since the next one is mostly of the same. */
export interface StepRunner extends AsyncDisposable {
  /** @throws what the step does; StepRefused where this machine cannot do it, and another may */
  run(step: StepToRun, context: StepContext): Promise<StepDone>;
}

const STEPS: Readonly<Record<StepKind, (open: OpenOrder, index: number, context: StepContext) => Promise<StepWork>>> = {
  track: trackStep,
  cast: (open, _, context) => castStep(open, context),
  take: takeStep,
  conform: (open, _, context) => conformStep(open, context),
};

export function openStepRunner(): StepRunner {
  let last: { readonly id: string; readonly work: string; readonly open: OpenOrder } | null = null;
  const close = async () => {
    const { open } = last ?? {};
    last = null;
    await open?.[Symbol.asyncDispose]();
  };
  const opened = async ({ view, id }: StepToRun, context: StepContext): Promise<OpenOrder> => {
    const isKept = last?.id === id && last.work === view.place.work && (await readOrder(last.work))?.id === id;
    if (last && isKept) return last.open;
    await close();
    const open = await openOrder(view, id, context);
    last = { id, work: view.place.work, open };
    return open;
  };
  return {
    async run(asked, context) {
      const started = performance.now();
      const end = await endedBefore(asked);
      if (end) return { already: true, frames: 0, seconds: 0, notes: [], ...end };
      const { kind, index } = asked.step;
      const work = await opened(asked, context)
        .then((open) => STEPS[kind](open, index, context))
        .catch((error: unknown) => {
          if (error instanceof ModelError && error.elsewhere) throw new StepRefused(error.message, { cause: error });
          throw error;
        });
      // Its folder is gone now, or may go.
      if (kind === 'conform') await close();
      return { notes: [], ...work, seconds: (performance.now() - started) / 1000 };
    },
    [Symbol.asyncDispose]: close,
  };
}

/** How an order has ended whose work folder has gone with it; null where it goes on. */
async function endedBefore({ view: { place }, id, step }: StepToRun): Promise<Pick<StepDone, 'exit'> | null> {
  const order = await readOrder(place.work);
  const end = order === null ? await readOrderEnd(place, { id }) : null;
  return end && (step.kind === 'conform' ? { exit: end.exit } : {});
}
