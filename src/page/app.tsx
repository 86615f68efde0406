import './list/list.css';
import './decide/decide.css';
import { useEffect } from 'preact/hooks';
import { decideKeys } from './decide/decide-keys.ts';
import { Header } from './header.tsx';
import { KeyList, keysShown } from './key-list.tsx';
import { type KeyGroup, listenToKeys } from './keys.ts';
import { listKeys } from './list/list-keys.ts';
import { Reels } from './list/reels.tsx';
import { NameQuestion } from './name-question.tsx';
import { ReelView } from './reel-view.tsx';
import { nameAsked } from './reviewer.ts';
import { addressed } from './show-reel.ts';
import { review } from './state.ts';
import { viewerKeys } from './viewer/viewer-keys.ts';

function keyGroups(): readonly KeyGroup[] {
  const showKeys = () => {
    keysShown.value = true;
  };
  const page = { name: 'Page', actions: [{ keys: ['?'], does: 'Show these keys', run: showKeys }] };
  return review.value ? [decideKeys(), listKeys(), viewerKeys(), page] : [page];
}

/** The page: the list of reels, or one of them. */
export function App() {
  useEffect(() => listenToKeys(() => (document.querySelector('dialog[open]') ? [] : keyGroups())), []);
  return (
    <>
      <Header />
      {addressed.value === null ? <Reels /> : review.value ? <ReelView /> : <main aria-busy="true" class="loading" />}
      {keysShown.value && <KeyList groups={keyGroups()} />}
      {nameAsked.value && <NameQuestion />}
    </>
  );
}
