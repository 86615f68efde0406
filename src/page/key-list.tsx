import { signal } from '@preact/signals';
import type { KeyGroup } from './keys.ts';
import { Modal } from './modal.tsx';

export const keysShown = signal(false);

const NAMES: Readonly<Record<string, string>> = {
  ' ': 'Space',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
};

/** All keys, part by part. */
export function KeyList({ groups }: { readonly groups: readonly KeyGroup[] }) {
  const close = () => {
    keysShown.value = false;
  };
  return (
    <Modal title="Keys" onClose={close}>
      <button type="button" class="close" onClick={close}>
        Close
      </button>
      <div class="key-groups">
        {groups.map(({ name, actions }) => (
          <section key={name}>
            <h3>{name}</h3>
            <dl>
              {actions.map(({ keys, does }) => (
                <div key={does}>
                  <dt>
                    {keys.map((key) => (
                      <kbd key={key}>{keyName(key)}</kbd>
                    ))}
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}

function keyName(key: string): string {
  const [, shift = '', bare = key] = /^(Shift\+)?(.+)$/s.exec(key) ?? [];
  const shown = NAMES[bare] ?? (bare.length === 1 ? bare.toUpperCase() : bare);
  const isCapital = /^\p{Lu}$/u.test(bare);
  return `${shift || isCapital ? '⇧ ' : ''}${shown}`;
}
