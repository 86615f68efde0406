import { openFileBytes } from '../../disk/file-bytes.ts';

/** First bytes of what is commonly taken for an ONNX file, and what it is, as a sentence with what to do. */
const KINDS = [
  ['version https://git-lfs', 'It is a pointer of Git LFS in place of the file: fetch the file itself (git lfs pull).'],
  [
    'PK\u0003\u0004',
    'It is a zip archive, as PyTorch’s .pth and .pt files are: unpack it, or export the network to ONNX.',
  ],
  ['<', 'It is a web page, as a download leaves that was refused: fetch the file again.'],
  ['{', 'It is a text of JSON: fetch the .onnx file that goes with it.'],
] as const;

/** What a file is that is no ONNX file, where its first bytes tell it; null where they do not. */
export function foreignFile(path: string): string | null {
  using source = openFileBytes(path);
  if (source.size === 0) return 'It is empty.';
  const begin = Buffer.from(source.read(0, Math.min(64, source.size))).toString('latin1');
  return KINDS.find(([bytes]) => begin.startsWith(bytes))?.[1] ?? null;
}
