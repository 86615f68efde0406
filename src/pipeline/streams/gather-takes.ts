import { filter, map, type OperatorFunction, toArray } from 'rxjs';
import { OutputError } from '../../disk/output-error.ts';

/** Of a take: by what it is known, and the run whose takes make one output. */
interface TakeOfRun {
  readonly take: { readonly key: string; readonly in: number };
  readonly run: { readonly plan: { readonly key: string; readonly takes: readonly unknown[]; readonly place: Place } };
}

interface Place {
  readonly out: string;
}

/**
 * All takes of a run as one value when they have ended, in the order of their frames; nothing where there are none. Errors with
 * OutputError where some have not come, or come from several runs: a part of an output is never joined.
 */
export function gatherTakes<T extends TakeOfRun>(): OperatorFunction<T, readonly [T, ...T[]]> {
  return (takes) =>
    takes.pipe(
      toArray(),
      filter((all): all is [T, ...T[]] => all.length > 0),
      map((all) => {
        const { plan } = all[0].run;
        const { out } = plan.place;
        const other = all.find(({ run }) => run.plan.key !== plan.key);
        if (other) {
          throw new OutputError(
            out,
            `"${out}" cannot be joined of the takes of several runs: one is for "${other.run.plan.place.out}". Give each output a writeReel of its own.`,
          );
        }
        const came = new Set(all.map(({ take }) => take.in)).size;
        if (came !== plan.takes.length || came !== all.length) {
          throw new OutputError(
            out,
            `"${out}" is joined of ${plan.takes.length} takes, each once, but ${all.length} came. Let all of them through to writeReel; to restore fewer frames, ask openReel for a range.`,
          );
        }
        return all.sort((a, b) => a.take.in - b.take.in);
      }),
    );
}
