import { useState } from 'preact/hooks';
import type { DecisionBody, DecisionTarget, ReelReview } from '../../review/api.ts';
import { chosen, decisions, review } from '../state.ts';
import { tellFault } from '../tell.ts';
import { decide } from './decide-now.ts';
import { decidedRequest, leftOutStills } from './decided.ts';
import { typedValue } from './setting-value.ts';

const REEL: DecisionTarget = { scope: 'reel' };
const decideOnReel = (body: DecisionBody) => decide(body, REEL);

/** What all of the reel is restored with. A run has one of each, so that it is decided for the whole reel whatever is chosen. */
export function ReelSettings() {
  const reel = review.value;
  const list = decisions.value;
  if (!reel || !list) return null;
  const { restorer, preset, settings } = decidedRequest(list);
  return (
    <details class="of-reel" open={chosen.value.scope === 'reel'}>
      <summary>Restorer, preset, settings and stills of the whole reel</summary>
      <Choice
        name="Restorer"
        current={restorer ?? reel.restorer}
        choices={reel.choices.restorers}
        onChoose={(value) => void decideOnReel({ what: 'restorer', restorer: value })}
      />
      <Choice
        name="Preset"
        current={preset ?? reel.preset}
        choices={reel.choices.presets}
        onChoose={(value) => void decideOnReel({ what: 'preset', preset: value })}
      />
      <Setting settings={reel.choices.settings} />
      {settings.length > 0 && (
        <ul class="settings" aria-label="Decided settings">
          {settings.map(([name, value]) => (
            <li key={name} class="row spread">
              <code>
                {name} = {String(value)}
              </code>
              <button
                type="button"
                class="plain"
                aria-label={`${name} as restored`}
                onClick={() => void decideOnReel({ what: 'setting', name, value: null })}
              >
                As restored
              </button>
            </li>
          ))}
        </ul>
      )}
      <Stills stills={reel.stills} leftOut={leftOutStills(list)} />
    </details>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly current: string;
  readonly choices: readonly string[];
  readonly onChoose: (value: string) => void;
}

function Choice({ name, current, choices, onChoose }: ChoiceProps) {
  const [wanted, setWanted] = useState<string | null>(null);
  const value = wanted ?? current;
  // What a run was given as a file has a name that is no choice.
  const all = choices.includes(current) ? choices : [current, ...choices];
  return (
    <div class="row end">
      <label class="field grow">
        <span>{name}</span>
        <select value={value} onChange={({ currentTarget }) => setWanted(currentTarget.value)}>
          {all.map((one) => (
            <option key={one} value={one} disabled={!choices.includes(one)}>
              {one}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        disabled={value === current}
        aria-label={`Choose the ${name.toLowerCase()}`}
        onClick={() => {
          setWanted(null);
          onChoose(value);
        }}
      >
        Choose
      </button>
    </div>
  );
}

function Setting({ settings }: { readonly settings: ReelReview['choices']['settings'] }) {
  const [name, setName] = useState(settings[0]?.name ?? '');
  const [text, setText] = useState('');
  const meaning = settings.find((one) => one.name === name)?.meaning ?? '';
  const set = async () => {
    const value = typedValue(text);
    if (value === null) return tellFault('Type a value for the setting first.');
    if (await decideOnReel({ what: 'setting', name, value })) setText('');
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void set();
      }}
    >
      <label class="field">
        <span>Setting</span>
        <select value={name} onChange={({ currentTarget }) => setName(currentTarget.value)}>
          {settings.map((one) => (
            <option key={one.name} value={one.name}>
              {one.name}
            </option>
          ))}
        </select>
      </label>
      <p class="quiet" id="meaning-of-setting">
        {meaning}
      </p>
      <div class="row end">
        <label class="field grow">
          <span>Value</span>
          <input
            type="text"
            maxLength={200}
            value={text}
            aria-describedby="meaning-of-setting"
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
        <button type="submit">Set</button>
      </div>
    </form>
  );
}

interface StillsProps {
  readonly stills: ReelReview['stills'];
  readonly leftOut: ReadonlySet<string>;
}

function Stills({ stills, leftOut }: StillsProps) {
  if (stills.length === 0) return null;
  return (
    <>
      <h3>Stills</h3>
      <ul class="settings" aria-label="Stills">
        {stills.map(({ id, person, name }) => {
          const isOut = leftOut.has(id);
          return (
            <li key={id} class="row spread">
              <span class={isOut ? 'left-out' : undefined}>
                {name} <span class="quiet">{person}</span>
              </span>
              <button
                type="button"
                class="plain"
                aria-label={isOut ? `Take back ${name}` : `Leave out ${name}`}
                onClick={() => void decideOnReel({ what: 'still', still: id, leftOut: !isOut })}
              >
                {isOut ? 'Take back' : 'Leave out'}
              </button>
            </li>
          );
        })}
      </ul>
    </>
  );
}
