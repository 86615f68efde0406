/** A worker's right to a step has run out: another may be at it, and this one may not publish what it made of it. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';

  constructor() {
    super('The lease has run out, and another worker may be at the step; what was made of it here is not used.');
  }
}
