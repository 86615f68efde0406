import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { DecisionTarget } from '../../review/api.ts';
import { addressOf } from '../address.ts';
import { thumbnailAddress } from '../ask.ts';
import { isSameTarget, stateIn } from '../decide/decided.ts';
import { counted, numbersOf, timecodeAt } from '../frame-words.ts';
import { choose } from '../show-reel.ts';
import { isSmallScreen, shownPart } from '../small-screen.ts';
import { chosen, decisions, review } from '../state.ts';
import { FigureLine } from './figure-line.tsx';
import { FilterBar } from './filter-bar.tsx';
import { goToUndecided, shotFilter, shownShots } from './list-keys.ts';
import type { ShotInList, TrackInList } from './listed.ts';
import { StateMark } from './state-mark.tsx';

/** The shots of the reel and the faces in them. One row is reached by Tab, the others from it by arrows. */
export function ShotsAndFaces() {
  const list = useRef<HTMLDivElement>(null);
  const last = useRef(chosen.value);
  // Read before rows are removed or moved: such lose the focus.
  const focused = list.current?.contains(document.activeElement) ? (document.activeElement as HTMLElement) : null;
  const focusedAt = focused ? rowsIn(list.current).indexOf(focused) : -1;
  useLayoutEffect(() => {
    const rows = rowsIn(list.current);
    const row = rows.find(({ dataset }) => dataset['row'] === rowName(chosen.value));
    const isMoved = last.current !== chosen.value;
    last.current = chosen.value;
    if (isMoved) row?.scrollIntoView({ block: 'nearest' });
    if (!focused || (!isMoved && document.activeElement === focused)) return;
    (row ?? rows[Math.min(focusedAt, rows.length - 1)])?.focus({ preventScroll: true });
  });
  const reel = review.value;
  const decided = decisions.value;
  if (!reel || !decided) return null;
  const shots = shownShots.value;
  const hasNobody = reel.tracks.some(({ cast }) => cast === null);
  const shownTracks = shots.reduce((sum, { tracks }) => sum + tracks.length, 0);
  return (
    <>
      <h2>Shots and faces</h2>
      <FilterBar filter={shotFilter} people={reel.people} hasNobody={hasNobody} byTime="by time" />
      <div class="row spread">
        <p class="quiet">
          {counted(shots.length, 'shot')}, {counted(shownTracks, 'face')}
        </p>
        <button type="button" class="plain" aria-keyshortcuts="N" onClick={goToUndecided}>
          Next undecided{' '}
          <span class="key" aria-hidden="true">
            N
          </span>
        </button>
      </div>
      <div class="list" ref={list}>
        <Row target={{ scope: 'reel' }} rank="whole">
          <span class="name">Whole reel</span>
          <StateMark state={stateIn(decided, { scope: 'reel' })} />
        </Row>
        {shots.length === 0 && <p class="empty">No shot and no face has what the filter asks for.</p>}
        <ul aria-label="Shots">
          {shots.map((one) => (
            <li key={one.shot.index}>
              <ShotRow {...one} />
              {one.tracks.length > 0 && (
                <ul aria-label={`Faces in shot ${one.shot.index + 1}`}>
                  {one.tracks.map((track) => (
                    <li key={track.track.id}>
                      <TrackRow {...track} />
                    </li>
                  ))}
                </ul>
              )}
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}

function rowsIn(list: HTMLElement | null): readonly HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
}

function rowName(target: DecisionTarget): string {
  return addressOf({ reel: '', target, frame: null });
}

function ShotRow({ shot, state }: ShotInList) {
  const reel = review.value;
  if (!reel) return null;
  const timecode = timecodeAt(reel, shot.in);
  const shape = { width: reel.width * reel.pixelAspect, height: reel.height };
  return (
    <Row target={{ scope: 'shot', shot: shot.index }} rank="shot">
      <img
        src={thumbnailAddress(reel.id, shot.poster, reel.version)}
        alt=""
        loading="lazy"
        decoding="async"
        {...shape}
      />
      <span class="facts">
        <span class="name">Shot {shot.index + 1}</span>
        <StateMark state={state} />
        <span class="quiet">
          {numbersOf(reel, shot)}
          {timecode !== null && <> · {timecode}</>}
        </span>
        {shot.tracks.length === 0 && <span class="quiet">no face</span>}
      </span>
    </Row>
  );
}

function TrackRow({ track, cast, state }: TrackInList) {
  return (
    <Row target={{ scope: 'track', track: track.id }} rank="track">
      <span class="name">
        {cast ?? 'nobody'} <span class="quiet">face {track.id}</span>
      </span>
      <StateMark state={state} />
      <FigureLine badness={track.badness} />
    </Row>
  );
}

interface RowProps {
  readonly target: DecisionTarget;
  readonly rank: 'whole' | 'shot' | 'track';
  readonly children: ComponentChildren;
}

function Row({ target, rank, children }: RowProps) {
  const isChosen = isSameTarget(target, chosen.value);
  return (
    <button
      type="button"
      class={`item of-${rank}`}
      data-row={rowName(target)}
      aria-current={isChosen ? 'true' : undefined}
      tabIndex={isChosen || rank === 'whole' ? 0 : -1}
      onClick={() => {
        choose(target);
        if (isSmallScreen.value) shownPart.value = 'picture';
      }}
    >
      {children}
    </button>
  );
}
