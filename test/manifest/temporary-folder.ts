import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder named "delivery" with these files in it, by path, which goes when the test ends. */
export async function deliveryOf(files: Readonly<Record<string, string>>): Promise<AsyncDisposable & { path: string }> {
  const above = await mkdtemp(join(tmpdir(), 'reelmend-manifest-'));
  const path = join(above, 'delivery');
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
  return { path, [Symbol.asyncDispose]: () => rm(above, { recursive: true, force: true }) };
}
