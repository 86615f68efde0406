/** A file of settings (a preset, an overrides file) cannot be used. Its fields say where; its message says what to do. */
export class PresetError extends Error {
  override readonly name = 'PresetError';
  /** The file, or the name for which there is none. */
  readonly file: string;
  /** The setting, its parts joined by dots; absent where the file as a whole is meant. */
  readonly key: string | undefined;
  readonly expected: string;
  readonly got: string;

  constructor(
    message: string,
    facts: {
      readonly file: string;
      readonly key?: string | undefined;
      readonly expected: string;
      readonly got: string;
    },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.file = facts.file;
    this.key = facts.key;
    this.expected = facts.expected;
    this.got = facts.got;
  }
}
