import { useEffect } from 'preact/hooks';
import './viewer.css';
import { review } from '../state.ts';
import { Curves } from './curves.tsx';
import { Filmstrip } from './filmstrip.tsx';
import { showFrames } from './pictures.ts';
import { keepPlaying } from './playing.ts';
import { Scrubber } from './scrubber.tsx';
import { Stage } from './stage.tsx';
import { Toolbar } from './toolbar.tsx';
import { Transport } from './transport.tsx';
import { isSmall, speed } from './view-state.ts';

/** The picture and all that moves it; as large as what it is put into, which has a height. */
export function Viewer() {
  useEffect(() => {
    const ends = [watchSize(), showFrames(), keepPlaying()];
    return () => {
      speed.value = 0;
      for (const end of ends) end();
    };
  }, []);
  if (!review.value) return null;
  return (
    <section
      class="viewer"
      aria-label="Picture"
      onKeyDown={(event) => {
        // On a button that was reached by keys, Space is the button's.
        if (event.key === ' ' && event.target instanceof HTMLButtonElement) event.stopPropagation();
      }}
    >
      <Toolbar />
      <Stage />
      <Transport />
      <Scrubber />
      <Filmstrip />
      <Curves />
    </section>
  );
}

/** Keeps whether the screen is small: as wide as the page's own rule says. */
function watchSize(): () => void {
  const small = matchMedia('(max-width: 700px)');
  const onChange = () => {
    isSmall.value = small.matches;
  };
  onChange();
  small.addEventListener('change', onChange);
  return () => small.removeEventListener('change', onChange);
}
