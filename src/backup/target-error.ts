/** What a target that does not do its part does instead. */
export type TargetFault =
  /** It does not answer, or is not there. */
  | 'down'
  | 'refuses'
  | 'full'
  /** It breaks off in the middle of a transfer. */
  | 'cut'
  /** Nothing comes or goes for as long as a request may take without progress. */
  | 'stalls'
  /** It says that it cannot now. */
  | 'busy'
  /** It gives back other bytes than it was sent. */
  | 'corrupts'
  /** It says that it has taken an object, and does not have it. */
  | 'forgets'
  | 'fails';

/** Trouble with one target of a backup. The message names it, says what it does, and what to do. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
  readonly fault: TargetFault;

  constructor(fault: TargetFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}
