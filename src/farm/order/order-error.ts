/** An order cannot be made or used. The message says why and what to do. */
export class OrderError extends Error {
  override readonly name = 'OrderError';
}

/** This machine cannot do a step, and another may, or this one later. The message says why and what to do. */
export class StepRefused extends Error {
  override readonly name = 'StepRefused';
}
