import { knownAdapters } from '../compute/gpu/device/gpu-device.ts';
import { answerParent } from './ask-child.ts';

await answerParent(knownAdapters);
