import type { OnnxFile } from '../../convert/onnx-file.ts';
import type { KnownNetwork } from '../contract.ts';
import { type BoundPorts, bindPorts } from './bind-ports.ts';

/** Which known network a file is. */
export type Identity =
  | {
      readonly kind: 'known';
      readonly network: KnownNetwork;
      readonly bound: BoundPorts;
      /** What told it: ports are told of no other known network, or of several, of which the file's name told this one. */
      readonly by: 'its ports' | 'its ports and name';
    }
  /** Its ports are these networks', and its name is none of theirs. */
  | { readonly kind: 'several'; readonly networks: readonly KnownNetwork[] }
  /** What is nearest to it, and what differs: sentences without their full stops. */
  | { readonly kind: 'unknown'; readonly nearest: KnownNetwork; readonly differences: readonly string[] };

/** Which of the `networks`, of which there is one at the least, a file is by its ports, operators, and `name` without the extension. */
export function identifyNetwork(file: OnnxFile, name: string, networks: readonly KnownNetwork[]): Identity {
  const tried = networks.map((network) => ({
    network,
    binding: bindPorts(network, file),
    isNamed: hasName(network, name),
  }));
  const fitting = tried.flatMap(({ network, binding, isNamed }) =>
    'bound' in binding ? [{ network, isNamed, bound: binding.bound }] : [],
  );
  const named = mostBound(fitting.filter(({ isNamed }) => isNamed));
  if (named[0]) return { kind: 'known', network: named[0].network, bound: named[0].bound, by: 'its ports and name' };
  const told = mostBound(fitting.filter(({ network }) => !network.known.named));
  if (told[0] && told.length === 1) {
    return { kind: 'known', network: told[0].network, bound: told[0].bound, by: 'its ports' };
  }
  if (fitting.length > 0) return { kind: 'several', networks: fitting.map(({ network }) => network) };
  return { kind: 'unknown', ...nearest(tried) };
}

/** Those that explain the most of the file's ports. */
function mostBound<F extends { readonly bound: BoundPorts }>(fitting: readonly F[]): readonly F[] {
  const count = ({ bound }: F) => bound.inputs.length + bound.outputs.length;
  const most = Math.max(0, ...fitting.map(count));
  return fitting.filter((one) => count(one) === most);
}

/** The network of the file's name, else the one with the fewest differences. */
function nearest(tried: readonly { network: KnownNetwork; binding: ReturnType<typeof bindPorts>; isNamed: boolean }[]) {
  const differing = tried.flatMap(({ network, binding, isNamed }) =>
    'differences' in binding ? [{ network, differences: binding.differences, isNamed }] : [],
  );
  const [first] = differing.sort(
    (a, b) => Number(b.isNamed) - Number(a.isNamed) || a.differences.length - b.differences.length,
  );
  if (!first) throw new TypeError('Unreachable: no known network was given.');
  return { nearest: first.network, differences: first.differences };
}

function hasName({ known }: KnownNetwork, name: string): boolean {
  return known.names.some((one) => plain(one) === plain(name));
}

/** Letters and digits alone; the number that a browser puts behind a second download is left out. */
function plain(name: string): string {
  return name
    .replace(/ ?\(\d+\)$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}
