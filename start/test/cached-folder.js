import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { startTimeOf } from '../process-identity.js';
import { architecture } from './oci-layout.js';

/**
 * A folder of the cache that holds `proof`, made when it is not there: `make` gets a folder to work in and the one to
 * fill.
 */
export async function cachedFolder(cache, name, proof, log, make) {
  const folder = path.join(cache, `${name}-${architecture}`);
  const isThere = () => existsSync(path.join(folder, proof));
  if (isThere()) return folder;
  const start = Date.now();
  await mkdir(cache, { recursive: true });
  await removeUnfinished(cache);
  const work = await mkdtemp(path.join(cache, `making-${process.pid}-`));
  try {
    await make(work, path.join(work, 'made'));
    // Two runs may make the same at once: the first one in place wins.
    await rename(path.join(work, 'made'), folder).catch((error) => {
      if (!isThere()) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  log(`made ${name} in ${Math.round((Date.now() - start) / 1000)} s`);
  return folder;
}

// Left by runs that were killed while they made something.
async function removeUnfinished(cache) {
  for (const name of await readdir(cache)) {
    const pid = /^making-(\d+)-/.exec(name)?.[1];
    if (pid && startTimeOf(Number(pid)) === null)
      await rm(path.join(cache, name), { recursive: true, force: true });
  }
}
