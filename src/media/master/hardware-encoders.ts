/**
 * Options that ask a hardware encoder for about the quality of a preset's rate factor; none for an encoder that is not known here, which
 * then has its own default.
 *
 * @param encoder ffmpeg's name of it
 */
export function encoderOptions(
  encoder: string,
  { rateFactor = 20 }: { readonly rateFactor?: number },
): Readonly<Record<string, string | number>> {
  if (/_nvenc$/.test(encoder)) return { preset: 'p5', rc: 'vbr', cq: rateFactor, 'b:v': 0 };
  // From 1 to 100, higher is better.
  if (/_videotoolbox$/.test(encoder)) return { 'q:v': Math.round(100 - 2 * rateFactor) };
  if (/_qsv$/.test(encoder)) return { global_quality: rateFactor };
  return {};
}
