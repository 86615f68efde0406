import { useState } from 'preact/hooks';
import type { ReviewTrack } from '../../review/api.ts';
import { decisions, review } from '../state.ts';
import { decide } from './decide-now.ts';
import { decidedCast } from './decided.ts';

const NOBODY = '';

/** Says whom a track shows. */
export function Cast({ track }: { readonly track: ReviewTrack }) {
  const decided = decisions.value ? decidedCast(decisions.value, track.id) : undefined;
  const shown = decided === undefined ? track.cast : decided;
  const [wanted, setWanted] = useState<{ readonly of: string; readonly as: string } | null>(null);
  const value = wanted?.of === track.id ? wanted.as : (shown ?? NOBODY);
  const people = [...new Set([...(review.value?.people ?? []), ...(shown === null ? [] : [shown])])];
  return (
    <section aria-label="Cast">
      <h3>
        Cast{' '}
        <span class="quiet">
          {track.cast ?? 'nobody'}
          {track.similarity !== null && ` by ${track.similarity.toFixed(2)}`}
          {decided !== undefined && `, decided: ${decided ?? 'nobody'}`}
        </span>
      </h3>
      <div class="row">
        <label class="field grow">
          <span class="unseen">Whom the face shows</span>
          <select value={value} onChange={({ currentTarget }) => setWanted({ of: track.id, as: currentTarget.value })}>
            {people.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
            <option value={NOBODY}>nobody</option>
          </select>
        </label>
        <button
          type="button"
          disabled={value === (shown ?? NOBODY)}
          onClick={() => void decide({ what: 'cast', as: value === NOBODY ? null : value })}
        >
          Cast
        </button>
      </div>
    </section>
  );
}
