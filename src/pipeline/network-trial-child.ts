import { isRunningDevice } from '../model/network-device.ts';
import { tryDevice } from '../model/network-trial.ts';
import { answerParent } from '../workers/ask-child.ts';

// Whether the device that this process was started with runs networks.
await answerParent(async () => {
  const [device = ''] = process.argv.slice(2);
  if (!isRunningDevice(device)) throw new TypeError(`"${device}" runs no networks.`);
  return { fault: await tryDevice(device) };
});
