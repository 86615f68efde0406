import type { Order } from '../order/order.ts';
import type { OrderExit } from '../order/order-end.ts';

export const STEP_KINDS = ['track', 'cast', 'take', 'conform'] as const;
/**
 * What is done of an order in one go: `track` finds the faces of one span, `cast` tells who they are and cuts the reel into takes, `take`
 * renders or copies one, `conform` joins them, makes the masters, and reports.
 */
export type StepKind = (typeof STEP_KINDS)[number];

/** A step of an order, counted from 0 among those of its kind. */
export interface Step {
  readonly kind: StepKind;
  readonly index: number;
}

/** How a step ended that is done. */
export interface StepDone {
  /** True where it was done before. */
  readonly already: boolean;
  /** Frames that it worked on. */
  readonly frames: number;
  readonly seconds: number;
  /** What its pixels were computed on; absent where it made none. */
  readonly device?: string;
  /** What a person should know, as sentences. */
  readonly notes: readonly string[];
  /** Of `conform`: with what exit code the order has ended. */
  readonly exit?: OrderExit;
  /** Of `cast`: how many takes there are. */
  readonly takes?: number;
}

/** `track-3`: the name of a step in files, and for people. */
export function stepName({ kind, index }: Step): string {
  return `${kind}-${index}`;
}

/** The id of an order's step, which no other step of any order has. */
export function stepId({ id }: Pick<Order, 'id'>, step: Step): string {
  return `${id.slice(0, 16)}-${stepName(step)}`;
}

/** The steps before the casting, which are known when an order is submitted. */
export function trackSteps({ spans }: Pick<Order, 'spans'>): Step[] {
  return spans.map((_, index) => ({ kind: 'track', index }));
}

export function takeSteps(count: number): Step[] {
  return Array.from({ length: count }, (_, index) => ({ kind: 'take', index }));
}
