import { isDeepStrictEqual } from 'node:util';
import { GpuError } from '../../compute/gpu/device/gpu-error.ts';
import { CPU, deviceName, type FaceDevice, type RenderingDevice } from '../../render/rendering-device.ts';
import { deviceTeam, FRAMES_IN_FLIGHT, openRenderTeam, type RenderTeam } from '../../workers/render-team.ts';
import type { RunOptions } from '../run-options.ts';
import { type ChosenDevice, chooseDevice, openDevice, type StartDevice } from './choose-device.ts';

/** What a run renders on, and what takes over where that fails. One take is of one device. */
export interface RunDevice extends AsyncDisposable {
  /** Chooses at the first call. */
  choose(): Promise<Pick<ChosenDevice, 'device' | 'reason'>>;
  /**
   * Renders a take. Where the device fails in it, `render` is called anew: on a device opened again, then with fewer plates at a time
   * where memory was short, at last on the CPU; never before what it had begun has ended.
   *
   * @throws what `render` does, and the device's GpuError where the CPU may not take over
   */
  renderOn<T>(options: TakeOnDevice, render: (on: DeviceForTake) => Promise<T>): Promise<T>;
}

export interface TakeOnDevice {
  /** Plates that a device may work on at a time, at most. */
  readonly plates: number;
  /** Renderers of the CPU's team. */
  readonly renderers: number;
  /** What follows where the device is lost twice: see the setting `takes.lostDevice`. */
  readonly lostDevice: 'cpu' | 'stop';
  /** Told of each failure. */
  readonly onEvent: RunOptions['onEvent'];
}

/** What a take is rendered by. */
export interface DeviceForTake {
  readonly team: RenderTeam;
  readonly device: RenderingDevice;
  /** What went wrong in this take before, as sentences. */
  readonly notes: readonly string[];
}

/**
 * A device that was asked for is opened at once, before anything costs time; `auto` waits until it is known that faces are rendered.
 *
 * @param start see `chooseDevice`
 * @throws DeviceError where the device that was asked for cannot be opened
 */
export async function openRunDevice(wish: FaceDevice, start?: StartDevice): Promise<RunDevice> {
  const device = runDevice(wish, start);
  if (wish !== 'auto') await device.choose();
  return device;
}

function runDevice(wish: FaceDevice, start: StartDevice | undefined): RunDevice {
  let chosen: Promise<ChosenDevice> | undefined;
  let now: { readonly device: RenderingDevice; remote: ChosenDevice['remote'] } | undefined;
  let team: RenderTeam | undefined;
  let inFlight = FRAMES_IN_FLIGHT;
  let wasLost = false;

  const choose = () => {
    chosen ??= chooseDevice(wish, start).then((choice) => {
      now = { device: choice.device, remote: choice.remote };
      return choice;
    });
    return chosen;
  };
  const teamOf = async ({ plates, renderers }: TakeOnDevice): Promise<RenderTeam> => {
    await choose();
    team ??= now?.remote ? deviceTeam(now.remote, Math.min(inFlight, plates)) : openRenderTeam(renderers);
    return team;
  };
  const close = async () => {
    await (team ?? now?.remote)?.[Symbol.asyncDispose]();
    team = undefined;
  };
  /** The same device opened again; null where it cannot be. */
  const reopened = async (): Promise<ChosenDevice['remote']> => {
    const again = await openDevice(wish, start, inFlight).catch(() => null);
    if (!again || isDeepStrictEqual(again.device, now?.device)) return again?.remote ?? null;
    await again.remote[Symbol.asyncDispose]();
    return null;
  };
  /** What takes over where the device has failed, and a sentence that says so. */
  const takeOver = async (error: GpuError, { lostDevice, plates }: TakeOnDevice): Promise<string> => {
    await close();
    inFlight = Math.min(inFlight, plates);
    const name = deviceName(now?.device ?? CPU);
    const isShort = error.fault === 'out-of-memory';
    const mayTryAgain = isShort ? inFlight > 1 : error.fault === 'lost' && !wasLost;
    if (isShort) inFlight = Math.ceil(inFlight / 2);
    else wasLost = true;
    const remote = mayTryAgain ? await reopened() : null;
    if (remote) {
      now = { device: now?.device ?? CPU, remote };
      return isShort
        ? `${name} had no memory left; from then on it worked on ${inFlight} ${inFlight === 1 ? 'frame' : 'frames'} at a time.`
        : `${name} was lost in the midst of a take, which was begun anew on it.`;
    }
    now = { device: CPU, remote: null };
    if (lostDevice === 'stop') {
      const advice = 'Finished takes are kept: give the same command again to go on, or with --device cpu.';
      throw new GpuError(error.fault, `${error.message} ${advice}`, { cause: error });
    }
    return `${name} could not go on (${error.message.replace(/\.$/, '')}); from then on faces were rendered on the CPU.`;
  };

  return {
    choose,
    async renderOn(options, render) {
      const notes: string[] = [];
      for (;;) {
        const opened = await teamOf(options);
        const { device } = now ?? { device: CPU };
        try {
          return await render({ team: opened, device, notes });
        } catch (error) {
          if (device.kind === 'cpu' || !(error instanceof GpuError)) throw error;
          const lost = {
            code: 'E_DEVICE_LOST',
            labels: { device: deviceName(device) },
            reason: error.fault,
            error,
          } as const;
          options.onEvent(lost);
          notes.push(await takeOver(error, options));
        }
      }
    },
    [Symbol.asyncDispose]: close,
  };
}
