/** Peak memory of this process with all its worker threads, MiB, since its start. ffmpeg's processes are not in it. */
export function peakMemoryMiB(): number {
  return process.resourceUsage().maxRSS / 1024;
}
