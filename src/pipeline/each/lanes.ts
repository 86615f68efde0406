import { usableCores } from '../../disk/usable-cores.ts';
import { CPU } from '../../render/rendering-device.ts';
import type { PictureService } from '../../workers/picture-service.ts';
import { MOST_WORKERS, openRenderTeam, type RenderTeam } from '../../workers/render-team.ts';
import { openRemote, type Remote } from '../../workers/rpc.ts';
import type { TrackingService } from '../../workers/tracking-service.ts';
import type { OpenNetworks } from '../analysis/open-networks.ts';
import type { DeviceForTake, RunDevice, TakeOnDevice } from '../render/run-device.ts';
import { memoryToPlanWith } from '../work/machine-memory.ts';

/** Threads, networks and the picture of a lane. */
const LANE_BYTES = 768 * 2 ** 20;

/** Threads that do one picture after another: one reads and writes, one finds faces, one restores them. */
export interface Lane {
  readonly pictures: Remote<PictureService>;
  readonly tracking: Remote<TrackingService>;
  /** See `RunDevice.renderOn`. */
  renderOn<T>(render: (on: DeviceForTake) => Promise<T>): Promise<T>;
}

/** As many lanes as this machine's cores and memory keep busy. */
export function lanesOfMachine(): number {
  return Math.max(1, Math.min(MOST_WORKERS, usableCores(), Math.floor(memoryToPlanWith() / LANE_BYTES)));
}

export interface Lanes extends AsyncDisposable {
  readonly all: readonly Lane[];
}

/**
 * Opens lanes, whose networks stay open from one picture to the next. On the processor each has a renderer of its own; a device is
 * shared, and has the faces of one picture at a time.
 */
export async function openLanes(
  count: number,
  { tracking, openMore }: Pick<OpenNetworks, 'tracking' | 'openMore'>,
  device: RunDevice,
  lost: Pick<TakeOnDevice, 'lostDevice' | 'onEvent'>,
): Promise<Lanes> {
  const opened: AsyncDisposable[] = [];
  const isCpu = (await device.choose()).device.kind === 'cpu';
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work);
    turn = mine.catch(() => {});
    return mine;
  };
  const closed = async () => void (await Promise.all(opened.map((one) => one[Symbol.asyncDispose]())));
  const keep = <T extends AsyncDisposable>(one: T): T => {
    opened.push(one);
    return one;
  };
  try {
    const all: Lane[] = [];
    for (let k = 0; k < count; k++) {
      const team: RenderTeam | null = isCpu ? keep(openRenderTeam(1)) : null;
      all.push({
        pictures: keep(openRemote<PictureService>('picture-worker')),
        tracking: k === 0 ? tracking : keep(await openMore()),
        renderOn: (render) =>
          team
            ? render({ team, device: CPU, notes: [] })
            : inTurn(() => device.renderOn({ plates: 1, renderers: 1, ...lost }, render)),
      });
    }
    return { all, [Symbol.asyncDispose]: closed };
  } catch (error) {
    await closed();
    throw error;
  }
}
