import { deviceName } from '../render/rendering-device.ts';
import { answerParent } from '../workers/ask-child.ts';
import { chooseDevice } from './render/choose-device.ts';

// What `--device auto` would come to.
await answerParent(async () => {
  const { device, reason, remote } = await chooseDevice('auto');
  await remote?.[Symbol.asyncDispose]();
  return { name: deviceName(device), reason };
});
