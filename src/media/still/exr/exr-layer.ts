import type { Component } from '../../../film/sample-format.ts';
import { UnsupportedStill } from '../damaged-still.ts';
import type { ExrChannel, ExrPart } from './exr-part.ts';

/** The channels of a file that are worked on, as one picture. */
export interface ExrPicture {
  readonly part: ExrPart;
  /** Empty for channels without a layer's name in a file of one part. */
  readonly layer: string;
  /** By what the plate calls it, the channel's place in its part. One channel alone is grey, `Y`. */
  readonly channels: ReadonlyMap<Component, number>;
  /** Names of the other pictures that could have been chosen. */
  readonly others: readonly string[];
}

/** A layer: the channels of a part whose names are alike up to the last dot. */
interface Layer {
  readonly part: ExrPart;
  /** What stands before the last dot. */
  readonly prefix: string;
  /** What people call it: the part's name, the prefix, or both. */
  readonly name: string;
  readonly kind: 'colour' | 'grey' | 'none';
  readonly channels: ReadonlyMap<Component, number>;
  /** All of its channels, for messages. */
  readonly names: readonly string[];
}

/** Names that programs give to the picture itself, most telling first. */
const USUAL = ['rgba', 'rgb', 'beauty', 'combined', 'composite', 'final', 'main', 'color', 'colour', 'image'];
const COLOURS: readonly (readonly [Component, RegExp])[] = [
  ['R', /^(r|red)$/i],
  ['G', /^(g|green)$/i],
  ['B', /^(b|blue)$/i],
  ['A', /^(a|alpha)$/i],
];

/**
 * The picture of a file: that of the layer `asked` for, of the part of that name, or the one channel of that full name. Else the
 * first without a layer's name, one of a usual name, the only one with red, green and blue, or grey.
 *
 * @throws UnsupportedStill where there is none, or no telling which
 */
export function choosePicture(parts: readonly ExrPart[], asked?: string): ExrPicture {
  const layers = parts.flatMap((part) => layersOf(part, parts.length > 1));
  const pictures = layers.filter(({ kind }) => kind !== 'none');
  const chosen = asked === undefined ? usualOf(layers, parts) : askedOf(layers, parts, asked);
  const others = pictures.filter((layer) => layer !== chosen && layer.name !== '' && layer.name !== chosen.name);
  return { part: chosen.part, layer: chosen.name, channels: chosen.channels, others: others.map(({ name }) => name) };
}

function usualOf(layers: readonly Layer[], parts: readonly ExrPart[]): Layer {
  const colour = layers.filter(({ kind }) => kind === 'colour');
  const grey = layers.filter(({ kind }) => kind === 'grey');
  for (const kind of [colour, grey]) {
    const plain = kind.filter(({ prefix }) => prefix === '');
    const chosen = (parts.length > 1 ? named(plain) : undefined) ?? plain[0] ?? named(kind) ?? only(kind);
    if (chosen) return chosen;
    if (kind.length > 0) {
      throw new UnsupportedStill(
        `has the layers ${listed(kind)}, and none that is the picture by its name. Choose one, for example with --layer ${quoted((kind[0] as Layer).name)}`,
      );
    }
  }
  const deep = parts.filter(({ storage }) => storage.startsWith('deep'));
  if (deep.length === parts.length) throw deepError();
  const single = parts.flatMap(({ channels }) => channels).find(isFull);
  const choice = single ? `, or one channel that is chosen, for example with --layer ${quoted(single.name)}` : '';
  throw new UnsupportedStill(
    `has no picture: it has ${contents(layers)}. A picture is red, green and blue (R, G, B), or luminance (Y)${choice}`,
  );
}

function askedOf(layers: readonly Layer[], parts: readonly ExrPart[], asked: string): Layer {
  const wishes: ((layer: Layer) => boolean)[] = [
    ({ name }) => name === asked,
    ({ prefix }) => prefix === asked,
    ({ part }) => part.name === asked,
    ({ name }) => name.toLowerCase() === asked.toLowerCase(),
  ];
  for (const wish of wishes) {
    const found = layers.filter(wish);
    const layer = only(found.filter(({ kind }) => kind !== 'none')) ?? only(found);
    if (layer && layer.kind !== 'none') return layer;
    if (layer) {
      throw new UnsupportedStill(
        `has in its layer "${asked}" only ${layer.names.join(', ')}, which is no picture. It has ${contents(layers)}: choose another with --layer, or one channel by its full name, for example --layer ${quoted(layer.names[0] as string)}`,
      );
    }
    if (found.length > 1) {
      throw new UnsupportedStill(
        `has several layers that "${asked}" may mean: ${listed(found)}. Choose one, for example with --layer ${quoted((found[0] as Layer).name)}`,
      );
    }
  }
  for (const part of parts) {
    const channel = part.channels.findIndex(
      ({ name }) => name === asked || (part.name !== '' && `${part.name}.${name}` === asked),
    );
    const single = part.channels[channel];
    if (single && isFull(single)) {
      const channels = new Map<Component, number>([['Y', channel]]);
      return { part, prefix: '', name: asked, kind: 'grey', channels, names: [single.name] };
    }
  }
  const deep = parts.some(({ storage, name }) => name === asked && storage.startsWith('deep'));
  if (deep) throw deepError();
  throw new UnsupportedStill(`has no layer "${asked}". It has ${contents(layers)}. Choose one of them with --layer`);
}

export function deepError(): UnsupportedStill {
  return new UnsupportedStill(
    'holds deep data (several samples a pixel), which is not read. Flatten it first, for example with oiiotool --flatten',
  );
}

function layersOf(part: ExrPart, several: boolean): Layer[] {
  const groups = new Map<string, number[]>();
  part.channels.forEach(({ name }, k) => {
    const prefix = prefixOf(name);
    groups.set(prefix, [...(groups.get(prefix) ?? []), k]);
  });
  return [...groups].map(([prefix, places]) => {
    const names = places.map((k) => (part.channels[k] as ExrChannel).name);
    const both = part.name === prefix ? [prefix] : [part.name, prefix].filter((word) => word !== '');
    return { part, prefix, name: several ? both.join('.') : prefix, names, ...pictureOf(part.channels, places) };
  });
}

/** What the plate calls channels, by their last names; those of another resolution are no part of a picture. */
function pictureOf(all: readonly ExrChannel[], places: readonly number[]): Pick<Layer, 'kind' | 'channels'> {
  const full = places.filter((k) => isFull(all[k] as ExrChannel));
  const lasts = full.map((k) => lastOf((all[k] as ExrChannel).name));
  const colours = new Map<Component, number>();
  for (const [component, name] of COLOURS) {
    const exact = lasts.indexOf(component);
    const k = exact >= 0 ? exact : lasts.findIndex((last) => name.test(last));
    if (k >= 0) colours.set(component, full[k] as number);
  }
  if (colours.has('R') && colours.has('G') && colours.has('B')) return { kind: 'colour', channels: colours };
  const luma = lasts.indexOf('Y');
  const single = places.length === 1 && /^(r|g|b|red|green|blue)$/i.test(lasts[0] ?? '') ? 0 : -1;
  // Beside X or Z it is the middle of three coordinates.
  const grey = luma >= 0 && !lasts.includes('X') && !lasts.includes('Z') ? luma : single;
  if (grey < 0) return { kind: 'none', channels: new Map() };
  return { kind: 'grey', channels: new Map([['Y', full[grey] as number]]) };
}

function isFull({ stepX, stepY }: ExrChannel): boolean {
  return stepX === 1 && stepY === 1;
}

function prefixOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('.')));
}

function lastOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function named(layers: readonly Layer[]): Layer | undefined {
  for (const usual of USUAL) {
    const found = layers.find(({ name, prefix }) => [lastOf(name), prefix].some((one) => one.toLowerCase() === usual));
    if (found) return found;
  }
  return undefined;
}

function only(layers: readonly Layer[]): Layer | undefined {
  return layers.length === 1 ? layers[0] : undefined;
}

/** As it is typed in a shell. */
function quoted(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : `"${name}"`;
}

function listed(layers: readonly Layer[]): string {
  return layers.map(({ name }) => `"${name}"`).join(', ');
}

function contents(layers: readonly Layer[]): string {
  const shown = layers.slice(0, 8).map(({ name, names }) => {
    const channels = names.map(lastOf).join(', ');
    return name === '' ? `the channels ${channels} without a layer's name` : `"${name}" (${channels})`;
  });
  const more = layers.length > shown.length ? [`${layers.length - shown.length} more layers`] : [];
  return [...shown, ...more].join(', ') || 'no channels that are read';
}
