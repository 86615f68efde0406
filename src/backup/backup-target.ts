/** A place that holds copies, as backups use it: whole objects by their keys, whose parts are joined by "/". */
export interface BackupTarget extends Disposable {
  /** As it was given. */
  readonly name: string;
  /**
   * Stores an object of `size` bytes, over one of that key. A reader finds it whole or not at all: where `content` throws, nothing is
   * stored, and what it threw is thrown.
   *
   * @throws TargetError
   */
  put(key: string, content: AsyncIterable<Uint8Array>, size: number, request: TargetRequest): Promise<void>;
  /** An object's bytes as they come; null where there is none. @throws TargetError, in reading, too */
  get(key: string, request: TargetRequest): Promise<AsyncIterable<Uint8Array> | null>;
  /** Bytes of an object, as the target says; null where there is none. @throws TargetError */
  size(key: string, request: TargetRequest): Promise<number | null>;
  /** Names of the objects whose keys are `folder`, "/" and a name, in order. @throws TargetError */
  list(folder: string, request: TargetRequest): Promise<readonly string[]>;
}

/** What a request to a target is watched by. */
export interface TargetRequest {
  readonly signal: AbortSignal;
  /** To be called whenever bytes come or go. */
  readonly onMove: () => void;
}
