import { describe, expect, test } from 'vitest';
import { bytesInMemory } from '../../../../src/media/still/byte-source.ts';
import { UnsupportedStill } from '../../../../src/media/still/damaged-still.ts';
import { parseExr } from '../../../../src/media/still/exr/exr.ts';
import { randomFrom } from '../random.ts';
import { type ModelChannel, type ModelPart, randomSamples } from './exr-model.ts';
import { writeExr } from './write-exr.ts';

const WINDOW = { left: 0, top: 0, right: 3, bottom: 3 };

/** A part of 4 × 4 pixels with those channels, `RY/2` for one of half the resolution; `_` in a name is a space. */
function part(channels: string, name = ''): ModelPart {
  const listed = channels.split(' ').map((channel): ModelChannel => {
    const [own = '', step = '1'] = channel.split('/');
    return { name: own.replaceAll('_', ' '), type: 'half', stepX: Number(step), stepY: Number(step) };
  });
  listed.sort((a, b) => (a.name < b.name ? -1 : 1));
  const made = {
    ...{ name, compression: 0, lineOrder: 0, data: WINDOW, display: WINDOW, tiles: null },
    ...{ channels: listed, attributes: [] },
  };
  return { ...made, samples: randomSamples(made, randomFrom(1)) };
}

async function chosenOf(parts: readonly ModelPart[], asked?: string) {
  const { file } = writeExr({ parts, multiPart: parts.length > 1, longNames: false }, randomFrom(2));
  const header = await parseExr(bytesInMemory(file), asked);
  const { picture, pixelFormat, remarks } = header;
  const names = [...picture.channels.values()].map((k) => picture.part.channels[k]?.name);
  return { layer: picture.layer, names: names.join(' '), part: picture.part.name, pixelFormat, remarks };
}

async function refusalOf(parts: readonly ModelPart[], asked?: string): Promise<string> {
  const outcome = await chosenOf(parts, asked).catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(UnsupportedStill);
  return (outcome as Error).message;
}

describe('The picture of an EXR file', () => {
  test.each([
    ['R G B', 'R G B', ''],
    ['R G B A Z', 'R G B A', ''],
    ['R G B diffuse.R diffuse.G diffuse.B', 'R G B', ''],
    ['diffuse.R diffuse.G diffuse.B depth.Z', 'diffuse.R diffuse.G diffuse.B', 'diffuse'],
    ['diffuse.red diffuse.green diffuse.blue', 'diffuse.red diffuse.green diffuse.blue', 'diffuse'],
    [
      'View.Combined.R View.Combined.G View.Combined.B View.Dir.R View.Dir.G View.Dir.B',
      'View.Combined.R View.Combined.G View.Combined.B',
      'View.Combined',
    ],
    ['beauty.R beauty.G beauty.B spec.R spec.G spec.B', 'beauty.R beauty.G beauty.B', 'beauty'],
    ['Y', 'Y', ''],
    ['Y BY/2 RY/2', 'Y', ''],
    ['Y A', 'Y', ''],
    ['G', 'G', ''],
    ['matte.R', 'matte.R', 'matte'],
    ['Z spec.Y', 'spec.Y', 'spec'],
  ])('of %s is %s', async (channels, names, layer) => {
    expect(await chosenOf([part(channels)])).toMatchObject({ names, layer });
  });

  test('of several parts is the first with one, or that of a usual name', async () => {
    expect(await chosenOf([part('Z', 'depth'), part('R G B', 'left'), part('R G B', 'right')])).toMatchObject({
      part: 'left',
    });
    expect(await chosenOf([part('R G B', 'spec'), part('R G B', 'beauty')])).toMatchObject({ part: 'beauty' });
  });

  test.each([
    ['spec', 'spec.R spec.G spec.B', 'gbrpf32le'],
    ['Spec', 'spec.R spec.G spec.B', 'gbrpf32le'],
    ['spec.G', 'spec.G', 'grayf32le'],
    ['Z', 'Z', 'grayf32le'],
  ])('that is asked for by %s is %s', async (asked, names, pixelFormat) => {
    expect(await chosenOf([part('R G B Z spec.R spec.G spec.B')], asked)).toMatchObject({ names, pixelFormat });
  });

  test.each([
    ['spec', 'spec', 'R G B'],
    ['main.hot', 'main', 'hot.R hot.G hot.B'],
    ['hot', 'main', 'hot.R hot.G hot.B'],
    ['spec.N', 'spec', 'N'],
  ])('of several parts that is asked for by %s is in part %s', async (asked, name, names) => {
    const parts = [part('R G B hot.R hot.G hot.B', 'main'), part('R G B N', 'spec')];
    expect(await chosenOf(parts, asked)).toMatchObject({ part: name, names });
  });

  test('is told where it is one of several, or grey among others', async () => {
    expect((await chosenOf([part('beauty.R beauty.G beauty.B spec.R spec.G spec.B')])).remarks).toEqual([
      'Of the EXR stills the layer "beauty" is worked on, the rest stays as it is; "spec" may be chosen with --layer.',
    ]);
    expect((await chosenOf([part('Y BY/2 RY/2')])).remarks).toEqual([
      'Of the EXR stills the channel Y alone is worked on, as a grey picture; BY, RY stay as they are.',
    ]);
    expect((await chosenOf([part('R G B A Z')])).remarks).toEqual([]);
  });
});

describe('An EXR file without a picture is refused with what it has', () => {
  test.each([
    [
      'Z',
      undefined,
      `has no picture: it has the channels Z without a layer's name. A picture is red, green and blue (R, G, B), or luminance (Y), or one channel that is chosen, for example with --layer Z`,
    ],
    [
      'N.X N.Y N.Z',
      undefined,
      'has no picture: it has "N" (X, Y, Z). A picture is red, green and blue (R, G, B), or luminance (Y), or one channel that is chosen, for example with --layer N.X',
    ],
    [
      'left.R left.G left.B right.R right.G right.B',
      undefined,
      'has the layers "left", "right", and none that is the picture by its name. Choose one, for example with --layer left',
    ],
    [
      'R G B N.X N.Y',
      'N',
      `has in its layer "N" only N.X, N.Y, which is no picture. It has the channels B, G, R without a layer's name, "N" (X, Y): choose another with --layer, or one channel by its full name, for example --layer N.X`,
    ],
    [
      'my_layer.R my_layer.G my_layer.B other.R other.G other.B',
      undefined,
      'has the layers "my layer", "other", and none that is the picture by its name. Choose one, for example with --layer "my layer"',
    ],
  ])('of %s', async (channels, asked, sentence) => {
    const parts = [part(channels)];
    expect(await refusalOf(parts, asked)).toBe(sentence);
    // What the sentence advises is followed.
    const [, advised = ''] = /--layer ("[^"]+"|\S+)$/.exec(sentence) ?? [];
    expect((await chosenOf(parts, advised.replaceAll('"', ''))).names).not.toBe('');
  });

  test('of a layer that it does not have', async () => {
    expect(await refusalOf([part('R G B spec.R spec.G spec.B')], 'beauty')).toBe(
      `has no layer "beauty". It has the channels B, G, R without a layer's name, "spec" (B, G, R). Choose one of them with --layer`,
    );
  });

  test('of a name that several layers have', async () => {
    const parts = [part('hot.R hot.G hot.B', 'one'), part('hot.R hot.G hot.B', 'two')];
    expect(await refusalOf(parts, 'hot')).toBe(
      'has several layers that "hot" may mean: "one.hot", "two.hot". Choose one, for example with --layer one.hot',
    );
    expect(await chosenOf(parts, 'one.hot')).toMatchObject({ part: 'one' });
  });
});
