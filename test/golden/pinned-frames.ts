/** The hash of every golden frame, and the render version that made them. */
export interface PinnedFrames {
  readonly renderVersion: number;
  /** Of the output's bytes, by the case's name. */
  readonly hashes: Readonly<Record<string, string>>;
}

const VERSION = 'RENDER_VERSION in src/restore/render-version.ts';
const PIN = 'pin anew with "npm run golden"';

/** What is wrong with a case whose output has this hash, as a sentence; null where it is as pinned. */
export function faultOf(name: string, hash: string, pinned: PinnedFrames, renderVersion: number): string | null {
  if (renderVersion !== pinned.renderVersion) return versionFault(pinned, renderVersion);
  const before = pinned.hashes[name];
  if (before === hash) return null;
  if (before === undefined) return `Golden frame "${name}" is not pinned: ${PIN}.`;
  return (
    `Golden frame "${name}": pixels changed, from ${before.slice(0, 12)} to ${hash.slice(0, 12)}. ` +
    `Where that is not meant, find what did it. Where it is, raise ${VERSION} to ${renderVersion + 1} and ${PIN}.`
  );
}

/** What is wrong with the pinned file as a whole, as a sentence; null where it belongs to this version and these cases. */
export function fileFaultOf(names: readonly string[], pinned: PinnedFrames, renderVersion: number): string | null {
  if (renderVersion !== pinned.renderVersion) return versionFault(pinned, renderVersion);
  const unknown = Object.keys(pinned.hashes).filter((name) => !names.includes(name));
  return unknown.length > 0 ? `No case draws the pinned ${quoted(unknown)}: ${PIN}.` : null;
}

/**
 * What is to be pinned in place of `pinned`. Cases may come and go; one whose hash differs needs a raised version.
 *
 * @param pinned null where nothing was pinned before
 * @throws an Error where pixels changed and the version was not raised, or where it was lowered
 */
export function pinnedAnew(
  pinned: PinnedFrames | null,
  hashes: Readonly<Record<string, string>>,
  renderVersion: number,
): PinnedFrames {
  if (pinned && renderVersion < pinned.renderVersion) throw new Error(versionFault(pinned, renderVersion));
  if (pinned && renderVersion === pinned.renderVersion) {
    const changed = Object.keys(hashes).filter((name) => (pinned.hashes[name] ?? hashes[name]) !== hashes[name]);
    if (changed.length > 0) {
      throw new Error(
        `Nothing was pinned: the pixels of ${quoted(changed)} changed, and RENDER_VERSION is still ${renderVersion}. ` +
          `Raise ${VERSION} to ${renderVersion + 1} and ${PIN}.`,
      );
    }
  }
  return { renderVersion, hashes };
}

function versionFault(pinned: PinnedFrames, renderVersion: number): string {
  const versions = `RENDER_VERSION is ${renderVersion}; the golden frames are pinned at ${pinned.renderVersion}.`;
  return renderVersion > pinned.renderVersion
    ? `${versions} The version was raised: ${PIN}.`
    : `${versions} A version is never lowered: raise ${VERSION} to ${pinned.renderVersion} or more.`;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
