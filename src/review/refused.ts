import type { RefusedRequest } from './api.ts';

/** A request that is refused, with the status of its answer. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
  readonly status: RefusalStatus;

  constructor(status: RefusalStatus, message: string) {
    super(message);
    this.status = status;
  }
}

type RefusalStatus = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 421 | 429 | 500 | 503;

/** Errors that are written for people, by name, since they come from several rooms. */
const TOLD: Readonly<Record<string, RefusalStatus>> = {
  UsageError: 400,
  PresetError: 400,
  ReelError: 404,
  StillError: 400,
  ShotListError: 400,
  OutputError: 503,
  FfmpegError: 500,
};

/** What is answered to a request that failed. */
export function refusalOf(error: unknown): { readonly status: RefusalStatus; readonly body: RefusedRequest } {
  if (error instanceof RequestRefused) return { status: error.status, body: { error: error.message } };
  const status = error instanceof Error ? TOLD[error.name] : undefined;
  if (status !== undefined) return { status, body: { error: (error as Error).message } };
  return {
    status: 500,
    body: { error: 'Something went wrong in the server that should not. Its terminal says what.' },
  };
}
