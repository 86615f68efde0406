import {
  concat,
  concatMap,
  defer,
  EMPTY,
  finalize,
  from,
  map,
  type Observable,
  type ObservableInput,
  type OperatorFunction,
  shareReplay,
} from 'rxjs';

/** What takes frames in order and gives shots when they are done. */
export interface ShotTracking<Frame, Shot> {
  track(frame: Frame): ObservableInput<readonly Shot[]>;
  /** The shots that no further frame will end. */
  end(): ObservableInput<readonly Shot[]>;
  close(): void;
}

/**
 * Tracks frames one after another, each held until it is tracked, and emits the shots. The tracking is opened for the first frame,
 * ended when the frames have ended, and closed in any case; where nobody waits any more, `signal` tells what opens it.
 */
export function trackedBy<Frame extends { hold(): () => void }, Shot>(
  open: (first: Frame, signal: AbortSignal) => ObservableInput<ShotTracking<Frame, Shot>>,
): OperatorFunction<Frame, Shot> {
  return (frames) =>
    defer(() => {
      const left = new AbortController();
      let opened: Observable<ShotTracking<Frame, Shot>> | undefined;
      const trackingFor = (frame: Frame) => {
        opened ??= from(open(frame, left.signal)).pipe(shareReplay(1));
        return opened;
      };
      return concat(
        frames.pipe(
          map((frame) => ({ frame, letGo: frame.hold() })),
          concatMap(({ frame, letGo }) =>
            trackingFor(frame).pipe(
              concatMap((tracking) => tracking.track(frame)),
              finalize(letGo),
            ),
          ),
        ),
        defer(() => opened?.pipe(concatMap((tracking) => tracking.end())) ?? EMPTY),
      ).pipe(
        concatMap((shots) => shots),
        finalize(() => {
          left.abort(new Error('Nobody waits for the shots any more.'));
          opened?.subscribe({ next: (tracking) => tracking.close(), error: () => {} });
        }),
      );
    });
}
