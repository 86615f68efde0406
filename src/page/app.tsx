import { review } from './state.ts';

/** The page: the list of reels, or one of them. */
export function App() {
  return <main>{review.value?.name ?? 'Reels'}</main>;
}
