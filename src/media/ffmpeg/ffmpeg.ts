import { access, constants } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { FfmpegError } from './ffmpeg-error.ts';
import { runJob } from './supervisor.ts';

/** The ffmpeg that is used, and its abilities. */
export interface Ffmpeg {
  /** Paths of the executables. */
  readonly ffmpeg: string;
  readonly ffprobe: string;
  /** As it calls itself: `5.1.9-0+deb12u1`, `N-109542-g4c…`. */
  readonly version: string;
  /** Whether it has an encoder of that name. Asked once. */
  hasEncoder(name: string): Promise<boolean>;
  /** Whether it has a filter, or a muxer, of that name. Asked once. */
  hasFilter(name: string): Promise<boolean>;
  hasMuxer(name: string): Promise<boolean>;
  /** The arguments that keep every frame's own time: `-fps_mode passthrough`, or `-vsync 0` before ffmpeg 5.1. */
  readonly passthrough: readonly string[];
  /** Pixel formats that an encoder takes, as ffmpeg names them. Asked once an encoder. */
  formatsOf(encoder: string): Promise<ReadonlySet<string>>;
}

/**
 * libavutil of ffmpeg 4.4, the first with the `setts` filter that gives joined segments their exact times. Builds from git have no
 * version number, so the library's is compared.
 */
const MINIMUM = { version: '4.4', libavutil: [56, 70] } as const;
const FPS_MODE_LIBAVUTIL = [57, 28] as const;

const INSTALL =
  'Install it with "sudo apt-get install ffmpeg" (Debian, Ubuntu), "brew install ffmpeg" (macOS) or "winget install Gyan.FFmpeg" (Windows), or name one with --ffmpeg or FFMPEG_PATH.';

const known = new Map<string, Promise<Ffmpeg>>();

/**
 * Finds ffmpeg and asks once what it can do: `path`, else the environment's FFMPEG_PATH, else the first on PATH. ffprobe is taken
 * from beside it, else from FFPROBE_PATH or PATH.
 *
 * @throws FfmpegError where there is none, or one older than 4.4.
 */
export async function findFfmpeg(options: { readonly path?: string | undefined } = {}): Promise<Ffmpeg> {
  const [asked, by] = options.path
    ? [options.path, '--ffmpeg']
    : process.env['FFMPEG_PATH']
      ? [process.env['FFMPEG_PATH'], 'FFMPEG_PATH']
      : [undefined, 'PATH'];
  const ffmpeg = asked === undefined ? await onPath('ffmpeg') : await executable(asked);
  if (!ffmpeg) {
    const where =
      asked === undefined ? 'no folder of PATH holds an "ffmpeg"' : `${by} names "${asked}", which cannot be run`;
    throw new FfmpegError(`ffmpeg was not found: ${where}. ${INSTALL}`);
  }
  const ffprobe =
    (await executable(join(dirname(ffmpeg), named('ffprobe')))) ??
    (process.env['FFPROBE_PATH'] ? await executable(process.env['FFPROBE_PATH']) : undefined) ??
    (await onPath('ffprobe'));
  if (!ffprobe) throw new FfmpegError(`"${ffmpeg}" was found, but no "ffprobe" beside it nor on PATH. ${INSTALL}`);

  const key = `${ffmpeg}\n${ffprobe}`;
  const probed = known.get(key) ?? probe(ffmpeg, ffprobe);
  known.set(key, probed);
  probed.catch(() => known.delete(key));
  return probed;
}

async function probe(ffmpeg: string, ffprobe: string): Promise<Ffmpeg> {
  const ask = async (...args: string[]) => {
    const name = `Asking "${ffmpeg}" what it can do`;
    return (await runJob({ name, program: ffmpeg, args: ['-hide_banner', ...args] })).stdout;
  };
  const [about, bitstream] = await Promise.all([ask('-version'), ask('-bsfs')]);
  const version = /^ffmpeg version (\S+)/m.exec(about)?.[1] ?? 'unknown';
  const library = /^libavutil\s+(\d+)\.\s*(\d+)/m.exec(about);
  const libavutil = [Number(library?.[1] ?? 0), Number(library?.[2] ?? 0)] as const;
  if (!atLeast(libavutil, MINIMUM.libavutil) || !/^setts$/m.test(bitstream)) {
    throw new FfmpegError(`"${ffmpeg}" is version ${version}; ${MINIMUM.version} or newer is needed. ${INSTALL}`);
  }
  const encoders = once(async () => names(await ask('-encoders'), /^\s*[VAS][F.][S.][X.][B.][D.]\s+(\S+)/));
  const filters = once(async () => names(await ask('-filters'), /^\s*[T.][S.][C.]?\s+(\S+)\s+\S*->/));
  const muxers = once(async () => names(await ask('-muxers'), /^\s*D?E\s+(\S+)/));
  const formats = new Map<string, Promise<ReadonlySet<string>>>();
  const formatsOf = async (encoder: string): Promise<ReadonlySet<string>> => {
    const line = /Supported pixel formats:(.*)/.exec(await ask('-h', `encoder=${encoder}`))?.[1] ?? '';
    return new Set(line.trim().split(/\s+/));
  };
  return {
    ffmpeg,
    ffprobe,
    version,
    hasEncoder: async (name) => (await encoders()).has(name),
    hasFilter: async (name) => (await filters()).has(name),
    hasMuxer: async (name) => (await muxers()).has(name),
    passthrough: atLeast(libavutil, FPS_MODE_LIBAVUTIL) ? ['-fps_mode', 'passthrough'] : ['-vsync', '0'],
    formatsOf(encoder) {
      const asked = formats.get(encoder) ?? formatsOf(encoder);
      formats.set(encoder, asked);
      return asked;
    },
  };
}

/** `ask` at the first call, and its answer at every one. */
function once<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let answer: Promise<Answer> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}

function names(listing: string, row: RegExp): ReadonlySet<string> {
  return new Set(listing.split('\n').flatMap((line) => row.exec(line)?.[1] ?? []));
}

function atLeast(version: readonly [number, number], wanted: readonly [number, number]): boolean {
  return version[0] > wanted[0] || (version[0] === wanted[0] && version[1] >= wanted[1]);
}

function named(program: string): string {
  return process.platform === 'win32' ? `${program}.exe` : program;
}

async function onPath(program: string): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const found = folder && (await executable(join(folder, named(program))));
    if (found) return found;
  }
  return undefined;
}

async function executable(path: string): Promise<string | undefined> {
  return access(path, constants.X_OK).then(
    () => path,
    () => undefined,
  );
}
