import { readFileSync } from 'node:fs';
import { configDefaults, defineConfig } from 'vitest/config';
import { roomsOf } from './test/house/rooms.ts';

const rooms = roomsOf(readFileSync(new URL('CONTRIBUTING.md', import.meta.url), 'utf8'));
const testsOf = (room: string) => `test/${room}/**/*.test.ts`;
const pure = rooms.filter((room) => room.pure).map(({ name }) => testsOf(name));
/** Rooms whose tests write no further than their own folders, and leave their process as it was. */
const tidy = ['settings', 'render', 'report', 'pipeline'].map(testsOf);

export default defineConfig({
  test: {
    // Limits end what hangs. The slowest test takes ten seconds on an idle machine, and thirty times that on a loaded one.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 60_000 } },
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      // What is pure cannot be disturbed by what ran before it: its tests share a process, and code that is compiled already.
      { extends: true, test: { name: 'pure', include: pure, isolate: false } },
      { extends: true, test: { name: 'tidy', include: tidy, isolate: false } },
      {
        extends: true,
        test: { name: 'world', include: ['test/**/*.test.ts'], exclude: [...configDefaults.exclude, ...pure, ...tidy] },
      },
    ],
  },
});
