/** The queue cannot be reached or used. The message says where it was looked for and what to do. */
export class QueueError extends Error {
  override readonly name = 'QueueError';
}
