import {
  concatMap,
  endWith,
  filter,
  from,
  ignoreElements,
  type ObservableInput,
  type OperatorFunction,
  of,
  toArray,
} from 'rxjs';

/**
 * All shots as one value when they have ended; nothing where there are none.
 *
 * @param check asked about the first shot, so that what cannot be done is told before the others are waited for
 */
export function gatherShots<Shot>(
  check: (first: Shot) => ObservableInput<unknown>,
): OperatorFunction<Shot, readonly Shot[]> {
  return (shots) =>
    shots.pipe(
      concatMap((shot, index) => (index === 0 ? from(check(shot)).pipe(ignoreElements(), endWith(shot)) : of(shot))),
      toArray(),
      filter((all) => all.length > 0),
    );
}
