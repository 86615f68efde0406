/** A model's weights cannot be had or read: offline, another file than the contract names, damaged, or of an unknown make. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly model: string;

  /** `message` states what, where, expected, got and what to do. */
  constructor(model: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.model = model;
  }
}
