import type { Upscaler } from '../face/networks.ts';
import type { DeviceChoice } from '../model/session.ts';
import type { RestorerNetworks } from '../restore/restorer-definition.ts';

/** The networks that restorers ask for, on a device. Each is opened once a device, however many tracks are restored with it. */
export function networkOpener(): (device: DeviceChoice) => RestorerNetworks {
  const upscalers = new Map<string, Promise<Upscaler>>();
  return (device) => ({
    upscaler(id) {
      const key = `${device} ${id}`;
      const opened = upscalers.get(key) ?? openedUpscaler(id, device);
      upscalers.set(key, opened);
      return opened;
    },
  });
}

/** Most restorers have no network: what opens and runs one is a third of a renderer's code, and is loaded by those that have. */
async function openedUpscaler(id: string, device: DeviceChoice): Promise<Upscaler> {
  const { openLibrary } = await import('../model/library.ts');
  const { openUpscaler } = await import('../model/upscaler.ts');
  return openUpscaler(openLibrary(), id, { device });
}
