import { effect, signal } from '@preact/signals';
import { keepText, keptText } from './kept.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const theme = signal<Theme>(THEMES.find((one) => one === keptText('theme')) ?? 'system');

/** Shows the page in the theme that is chosen, from now on. */
export function followTheme(): void {
  effect(() => {
    if (theme.value === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme.value;
    keepText('theme', theme.value);
  });
}
