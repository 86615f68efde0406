import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { ReelReview, ReviewShot } from '../../review/api.ts';
import { askBytes, Refused, thumbnailAddress } from '../ask.ts';
import { peoplesNumber } from '../frame-words.ts';
import { chosen, frame, goTo, review } from '../state.ts';
import { pictureQueue } from './picture-queue.ts';
import { speed } from './view-state.ts';

/** Before a server that has too much to do is asked again, ms. */
const PAUSE = 1000;

/** Addresses of thumbnails within this browser, by those at the server. */
const thumbnails = signal<ReadonlyMap<string, string>>(new Map());

/** The shots, each by a picture of it; the one that is looked at is marked. */
export function Filmstrip() {
  const reel = review.value;
  const strip = useRef<HTMLDivElement>(null);
  const version = reel && `${reel.id} ${reel.version}`;
  useEffect(() => (reel ? loadThumbnails(reel) : undefined), [version]);
  const current = reel?.shots.find((shot) => frame.value >= shot.in && frame.value < shot.out)?.index;
  useEffect(() => {
    strip.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [current]);
  if (!reel) return null;
  return (
    <div class="filmstrip" ref={strip}>
      {reel.shots.map((shot) => (
        <Shot key={shot.index} reel={reel} shot={shot} isCurrent={shot.index === current} />
      ))}
    </div>
  );
}

interface ShotProps {
  readonly reel: ReelReview;
  readonly shot: ReviewShot;
  readonly isCurrent: boolean;
}

function Shot({ reel, shot, isCurrent }: ShotProps) {
  const source = thumbnails.value.get(thumbnailAddress(reel.id, shot.poster, reel.version));
  const range = `${peoplesNumber(reel, shot.in)}–${peoplesNumber(reel, shot.out - 1)}`;
  return (
    <button
      type="button"
      class={`shot ${shot.state}`}
      aria-current={isCurrent}
      title={`Shot ${shot.index + 1}, frames ${range}, ${shot.state}`}
      onClick={() => {
        speed.value = 0;
        chosen.value = { scope: 'shot', shot: shot.index };
        goTo(shot.in);
      }}
    >
      {source ? <img src={source} alt="" /> : <span class="blank" />}
      <span class="caption">
        <span>
          <span class="unseen">Shot </span>
          {shot.index + 1}
        </span>{' '}
        <small>{range}</small>
        <span class="unseen">, {shot.state}</span>
      </span>
    </button>
  );
}

/** Asks for one after the other: the picture that is looked at goes first. */
function loadThumbnails(reel: ReelReview): () => void {
  const missing = new Set<string>();
  const queue = pictureQueue<Blob>({
    places: 1,
    pause: PAUSE,
    load: askBytes,
    has: (address) => thumbnails.peek().has(address) || missing.has(address),
    onLoaded: (address, file) => {
      thumbnails.value = new Map([...thumbnails.peek(), [address, URL.createObjectURL(file)]]);
    },
    onFailed: (address, error) => {
      if (!(error instanceof Refused) || error.status === 429 || error.status === 503) return 'again';
      missing.add(address);
      return 'never';
    },
  });
  queue.want(reel.shots.map(({ poster }) => thumbnailAddress(reel.id, poster, reel.version)));
  return () => {
    queue[Symbol.dispose]();
    for (const address of thumbnails.peek().values()) URL.revokeObjectURL(address);
    thumbnails.value = new Map();
  };
}
