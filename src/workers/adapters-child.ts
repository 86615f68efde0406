import { knownAdapters } from '../compute/gpu/gpu-device.ts';
import { answerParent } from './ask-child.ts';

await answerParent(knownAdapters);
