/** A step was given to another worker: this one may not publish what it made of it. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';

  constructor() {
    super('The step was given to another worker meanwhile; what was made of it here is not used.');
  }
}
