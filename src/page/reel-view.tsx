import type { ComponentChildren } from 'preact';
import { Conflicted } from './decide/conflicted.tsx';
import { Decide } from './decide/decide.tsx';
import { VerdictBar } from './decide/verdict.tsx';
import { ShotsAndFaces } from './list/shots-and-faces.tsx';
import { isSmallScreen, type Part, shownPart } from './small-screen.ts';
import { Viewer } from './viewer/viewer.tsx';

const PARTS: readonly { readonly part: Part; readonly name: string }[] = [
  { part: 'picture', name: 'Picture' },
  { part: 'list', name: 'Shots and faces' },
  { part: 'decide', name: 'Decisions' },
];

/** A reel: its list, its pictures and its decisions beside each other, or on a small screen one of them at a time. */
export function ReelView() {
  return (
    <>
      {isSmallScreen.value ? <InTurn /> : <Beside />}
      <Conflicted />
    </>
  );
}

function Beside() {
  return (
    <div class="reel">
      <nav aria-label="Shots and faces" class="part list-part">
        <ShotsAndFaces />
      </nav>
      <main class="part picture-part">
        <Viewer />
      </main>
      <aside aria-label="Decisions" class="part decide-part">
        <Decide />
      </aside>
    </div>
  );
}

function InTurn() {
  return (
    <main class="reel">
      <Tabs />
      <Panel part="picture">
        <Viewer />
      </Panel>
      <Panel part="list">
        <ShotsAndFaces />
      </Panel>
      <Panel part="decide">
        <Decide />
      </Panel>
      <VerdictBar />
    </main>
  );
}

function Panel({ part, children }: { readonly part: Part; readonly children: ComponentChildren }) {
  return (
    <div
      role="tabpanel"
      class={`part ${part}-part`}
      id={`part-${part}`}
      aria-labelledby={`tab-${part}`}
      hidden={shownPart.value !== part}
    >
      {children}
    </div>
  );
}

function Tabs() {
  const move = (step: number) => {
    const at = PARTS.findIndex(({ part }) => part === shownPart.value);
    const next = PARTS[(at + step + PARTS.length) % PARTS.length];
    if (!next) return;
    shownPart.value = next.part;
    document.getElementById(`tab-${next.part}`)?.focus();
  };
  return (
    <div
      role="tablist"
      aria-label="Parts of the reel"
      onKeyDown={(event) => {
        if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return;
        event.preventDefault();
        move(event.key === 'ArrowRight' ? 1 : -1);
      }}
    >
      {PARTS.map(({ part, name }) => (
        <button
          key={part}
          type="button"
          role="tab"
          id={`tab-${part}`}
          aria-controls={`part-${part}`}
          aria-selected={shownPart.value === part}
          tabIndex={shownPart.value === part ? 0 : -1}
          onClick={() => {
            shownPart.value = part;
          }}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
