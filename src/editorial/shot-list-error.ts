/** A shot list cannot be used. Its fields say where; its message says what to do. */
export class ShotListError extends Error {
  override readonly name = 'ShotListError';
  readonly file: string;
  /** Where in the file, such as `line 4`; absent where the file as a whole is meant. */
  readonly where: string | undefined;

  /** @param fault the end of the sentence, and what to do */
  constructor(place: ListPlace, fault: string, options?: ErrorOptions) {
    super(`Shot list "${place.file}"${place.where === undefined ? '' : `, ${place.where}`}: ${fault}`, options);
    this.file = place.file;
    this.where = place.where;
  }
}

/** A place in a shot list, as errors name it. */
export interface ListPlace {
  readonly file: string;
  readonly where?: string | undefined;
}
