import type { Recogniser } from '../face/networks.ts';
import { openLibrary } from '../model/library.ts';
import { openRecogniser } from '../model/recogniser.ts';
import type { LikenessService } from './likeness-service.ts';
import { serve } from './rpc.ts';

let recogniser: Recogniser | undefined;

const service: LikenessService = {
  async open(network) {
    recogniser = await openRecogniser(openLibrary(), network.recogniser, network);
  },
  async embed({ five, ...picture }) {
    if (!recogniser) throw new Error('Unreachable: faces are embedded after "open".');
    return recogniser.embed(picture, five);
  },
};

serve(service);
