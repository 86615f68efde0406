/** When a file was last written, to the microsecond, as ISO 8601 has it: `2026-11-28T02:00:00.123456Z`. */
export type FileTime = string;

export const FILE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

/** @param nanoseconds since 1970, as `stat` gives them; what is finer than a microsecond is cut off */
export function fileTime(nanoseconds: bigint): FileTime {
  const microseconds = nanoseconds / 1000n;
  const milliseconds = microseconds / 1000n;
  const rest = microseconds - milliseconds * 1000n;
  return new Date(Number(milliseconds)).toISOString().replace('Z', `${String(rest).padStart(3, '0')}Z`);
}

/**
 * Seconds since 1970, as `utimes` takes them: in the middle of the microsecond, since a number of so many seconds is exact to a quarter
 * of one, and the rest is cut off.
 */
export function secondsOfFileTime(time: FileTime): number {
  return Date.parse(`${time.slice(0, 23)}Z`) / 1000 + (Number(time.slice(23, 26)) + 0.5) / 1e6;
}
