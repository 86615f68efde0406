/** Where the manifest of an output lies that cannot hold it. */
export function sidecarPath(out: string): string {
  return `${out}.c2pa`;
}
