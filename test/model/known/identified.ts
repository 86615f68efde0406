import { readOnnx } from '../../../src/convert/onnx-file.ts';
import type { KnownNetwork } from '../../../src/model/contract.ts';
import { type Identity, identifyNetwork } from '../../../src/model/known/identify-network.ts';
import { knownNetworks } from '../../../src/model/known/known-networks.ts';

export const NETWORKS: readonly KnownNetwork[] = await knownNetworks();

/** Which network a file of these bytes and this name is. */
export function identified(bytes: Uint8Array, name = 'x', among: readonly KnownNetwork[] = NETWORKS): Identity {
  const source = { size: bytes.length, read: (at: number, length: number) => bytes.subarray(at, at + length) };
  return identifyNetwork(readOnnx(source), name, among);
}
