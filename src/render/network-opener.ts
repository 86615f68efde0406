import type { Upscaler } from '../face/networks.ts';
import { openLibrary } from '../model/library.ts';
import type { DeviceChoice } from '../model/session.ts';
import { openUpscaler } from '../model/upscaler.ts';
import type { RestorerNetworks } from '../restore/restorer-definition.ts';

/** The networks that restorers ask for, on a device. Each is opened once a device, however many tracks are restored with it. */
export function networkOpener(): (device: DeviceChoice) => RestorerNetworks {
  const library = openLibrary();
  const upscalers = new Map<string, Promise<Upscaler>>();
  return (device) => ({
    upscaler(id) {
      const key = `${device} ${id}`;
      const opened = upscalers.get(key) ?? openUpscaler(library, id, { device });
      upscalers.set(key, opened);
      return opened;
    },
  });
}
