import type { OnnxFile } from '../../convert/onnx-file.ts';

/** Names of files beside those that are used here, in the packs and folders that people have, and what they are. */
const UNUSED = [
  [/^fairface/, 'FairFace, which guesses age, sex and race'],
  [/^genderage$/, 'a network that guesses age and sex'],
  [/^1k3d68$/, 'a landmarker of 68 points in space, of which InsightFace’s pack has a finer one (2d106det)'],
  [/^live_?portrait/, 'a part of LivePortrait, which moves a face as another moves'],
  [/^(wav2lip|edtalk)/, 'a network that moves lips to a sound'],
  [/^(deoldify|ddcolor)/, 'a network that colours whole pictures'],
  [/^(open_)?nsfw/, 'a network that tells what pictures are of'],
] as const;

/** What a file is that is known, and that nothing here uses, by its name without the extension or its ports; null for any other. */
export function unusedNetwork(name: string, { inputs }: Pick<OnnxFile, 'inputs'>): string | null {
  const plain = name.toLowerCase().replaceAll('-', '_');
  const found = inputs.some((port) => port.name === 'in_face:0')
    ? 'a model of DeepFaceLab (.dfm), which puts one person’s face in another’s place'
    : UNUSED.find(([pattern]) => pattern.test(plain))?.[1];
  return found === undefined ? null : `It is ${found}. Nothing here uses it.`;
}
