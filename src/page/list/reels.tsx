import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { DecisionState, ReelEntry, ReelList } from '../../review/api.ts';
import { addressOf } from '../address.ts';
import { askReels } from '../ask.ts';
import { STATE_WORDS } from '../decide/said.ts';
import { counted } from '../frame-words.ts';
import { tellFault } from '../tell.ts';
import { FigureLine } from './figure-line.tsx';
import { FilterBar } from './filter-bar.tsx';
import { listedReels, NO_FILTER } from './listed.ts';

const list = signal<ReelList | null>(null);
const filter = signal(NO_FILTER);

/** All reels of the review, worst first. */
export function Reels() {
  useEffect(() => {
    askReels().then((answer) => {
      list.value = answer;
    }, tellFault);
  }, []);
  if (!list.value) return <main class="reels" aria-busy="true" />;
  const { reels: all, unread } = list.value;
  const shown = listedReels(all, filter.value);
  const people = [...new Set(all.flatMap((reel) => reel.people))].sort();
  return (
    <main class="reels">
      <div class="row spread">
        <h2>{counted(all.length, 'reel')}</h2>
        <FilterBar filter={filter} people={people} hasNobody={false} byTime="latest first" />
      </div>
      {shown.length === 0 && (
        <p class="empty">
          {all.length === 0 ? 'There are no reels to review.' : 'No reel has what the filter asks for.'}
        </p>
      )}
      <ul aria-label="Reels">
        {shown.map((reel) => (
          <li key={reel.id}>
            <ReelRow reel={reel} />
          </li>
        ))}
      </ul>
      {unread.length > 0 && <Unread reports={unread} />}
    </main>
  );
}

function Unread({ reports }: { readonly reports: ReelList['unread'] }) {
  return (
    <section aria-label="Not to be reviewed">
      <h2>{counted(reports.length, 'report')} that cannot be reviewed</h2>
      <dl class="unread">
        {reports.map(({ name, error }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{error}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function ReelRow({ reel }: { readonly reel: ReelEntry }) {
  const states = (Object.keys(STATE_WORDS) as DecisionState[]).filter((state) => reel.states[state] > 0);
  return (
    <>
      <a href={addressOf({ reel: reel.id, target: null, frame: null })}>{reel.name}</a>
      <FigureLine badness={reel.worst} />
      <p class="quiet">
        {counted(reel.shots, 'shot')}, {counted(reel.tracks, 'face')}, {reel.restored} of{' '}
        {counted(reel.frames, 'frame')} restored,{' '}
        <time dateTime={reel.finished}>{new Date(reel.finished).toLocaleString()}</time>
      </p>
      <p class="counts">
        {states.map((state) => (
          <span key={state} class={`state ${state}`}>
            {reel.states[state]} {STATE_WORDS[state]}
          </span>
        ))}
        <span class="quiet">{reel.people.length > 0 ? reel.people.join(', ') : 'nobody recognised'}</span>
      </p>
    </>
  );
}
