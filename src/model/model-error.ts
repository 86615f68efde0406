/** A model's weights cannot be had or read: offline, another file than the contract names, damaged, or of an unknown make. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly model: string;
  /** True where another machine, or this one later, may have what is missing. */
  readonly elsewhere: boolean;

  /** `message` states what, where, expected, got and what to do. */
  constructor(model: string, message: string, options: ErrorOptions & { readonly elsewhere?: boolean } = {}) {
    super(message, options);
    this.model = model;
    this.elsewhere = options.elsewhere ?? false;
  }
}
