import { signal } from '@preact/signals';

const query = matchMedia('(max-width: 700px)');

/** True where there is room for one part of the page at a time. */
export const isSmallScreen = signal(query.matches);
query.addEventListener('change', () => {
  isSmallScreen.value = query.matches;
});

/** The part that a small screen shows. */
export type Part = 'picture' | 'list' | 'decide';
export const shownPart = signal<Part>('picture');
