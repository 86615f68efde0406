import { type Signal, useComputed } from '@preact/signals';
import type { DecisionState } from '../../review/api.ts';
import { STATE_WORDS } from '../decide/said.ts';
import type { ListFilter } from './listed.ts';

const STATES = Object.keys(STATE_WORDS) as DecisionState[];

interface FilterBarProps {
  readonly filter: Signal<ListFilter>;
  readonly people: readonly string[];
  /** True where tracks of nobody can be asked for. */
  readonly hasNobody: boolean;
  /** What the other order than worst first is called. */
  readonly byTime: string;
}

/** Chooses what of a list is shown. */
export function FilterBar({ filter, people, hasNobody, byTime }: FilterBarProps) {
  const person = useComputed(() => personValue(filter.value.person)).value;
  const change = (part: Partial<ListFilter>) => {
    filter.value = { ...filter.value, ...part };
  };
  return (
    <search class="filters" aria-label="Filter">
      <label>
        <span>State</span>
        <select
          value={filter.value.state}
          onChange={({ currentTarget: { value } }) => change({ state: STATES.find((one) => one === value) ?? 'any' })}
        >
          <option value="any">any</option>
          {STATES.map((state) => (
            <option key={state} value={state}>
              {STATE_WORDS[state]}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>Person</span>
        <select value={person} onChange={({ currentTarget: { value } }) => change({ person: personOf(value) })}>
          <option value="">anybody</option>
          {people.map((name) => (
            <option key={name} value={personValue(name)}>
              {name}
            </option>
          ))}
          {hasNobody && <option value={personValue(null)}>nobody</option>}
        </select>
      </label>
      <label>
        <span>Order</span>
        <select
          value={filter.value.order}
          onChange={({ currentTarget: { value } }) => change({ order: value === 'time' ? 'time' : 'worst' })}
        >
          <option value="worst">worst first</option>
          <option value="time">{byTime}</option>
        </select>
      </label>
    </search>
  );
}

/** A person may be called "nobody". */
function personValue(person: ListFilter['person']): string {
  return person === undefined ? '' : person === null ? '-' : `=${person}`;
}

function personOf(value: string): ListFilter['person'] {
  return value === '' ? undefined : value === '-' ? null : value.slice(1);
}
