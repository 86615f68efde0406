import { chained } from '../../../src/provenance/chain.ts';
import { EDIT_LOG_FORMAT, type EditedTake, type EditLog, editLines } from '../../../src/provenance/edit-log.ts';

const HASH = '0'.repeat(64);

/** What is logged of an output that was restored with `enhance` in its second frame. */
export function drawnLog(
  name: string,
  kind: 'folder' | 'movie',
  sha256: string,
  frames: EditedTake['frames'],
): EditLog {
  const reel = { name: 'film.mov', print: `quick:${HASH}`, width: 160, height: 96, rate: '10/1', frames: 5, first: 1 };
  const count = frames?.length ?? 0;
  return {
    header: {
      kind: 'header',
      format: EDIT_LOG_FORMAT,
      version: '1.2.3',
      written: '2026-11-28T00:00:00.000Z',
      job: HASH,
      reel: { ...reel, timecode: null, samples: 'yuv420p' },
      range: { in: 0, out: count },
      preset: { name: 'restore', hash: HASH },
      output: { name, kind, sha256, frames: count },
      device: 'cpu',
      networks: [],
      authorisation: null,
    },
    treatments: [{ kind: 'treatment', id: 0, restorer: 'enhance', settings: {}, networks: [], stills: [] }],
    takes: [{ kind: 'take', take: 0, in: 0, out: count, key: HASH, device: 'cpu', machine: null, damaged: [], frames }],
    frames: [
      {
        kind: 'frame',
        ...{ frame: 1, number: 2, timecode: null, take: 0 },
        faces: [{ track: 'a', person: null, treatment: 0, matte: null }],
        approved: null,
      },
    ],
  };
}

/** The text of a log. */
export function logText({ takes, frames, ...log }: EditLog): string {
  const parts = takes.map((take) => ({ take, frames: frames.filter((frame) => frame.take === take.take) }));
  return chained(editLines(log, parts));
}
