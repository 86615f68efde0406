import { Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { untilAborted } from '../../src/stream/until-aborted.ts';

describe('untilAborted', () => {
  it('fails with the reason and lets go of the source', () => {
    const abort = new AbortController();
    let closed = false;
    let failure: unknown;
    new Observable<number>(() => () => {
      closed = true;
    })
      .pipe(untilAborted(abort.signal))
      .subscribe({ error: (error) => (failure = error) });
    abort.abort('stop');
    expect(failure).toBe('stop');
    expect(closed).toBe(true);
  });
});
