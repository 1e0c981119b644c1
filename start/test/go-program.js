import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { cachedFolder } from './cached-folder.js';
import { run } from './command.js';
import { findProgram } from './machine.js';

/**
 * A program of a Go module, built from its source and kept in the cache. Its module cannot be installed by name, because
 * it excludes versions of others; so its source is copied and built there. Undefined where there is no Go.
 */
export async function goProgram(
  cache,
  { module, version, command, settings },
  log,
) {
  const go = findProgram('go');
  if (!go) return undefined;
  const folder = await cachedFolder(
    cache,
    `${command}-${version}`,
    command,
    log,
    async (work, made) => {
      log(`building ${command} ${version} from its source, once`);
      const downloaded = await run(go, [
        'mod',
        'download',
        '-json',
        `${module}@${version}`,
      ]);
      const source = path.join(work, 'source');
      await cp(JSON.parse(downloaded).Dir, source, { recursive: true });
      // Modules are kept unwritable.
      await run('chmod', ['-R', 'u+w', source]);
      await mkdir(made);
      const set = Object.entries(settings).map(
        ([name, value]) => `-X ${module}/${name}=${value}`,
      );
      await run(
        'nice',
        [
          ...['-n', '10', go, 'build', '-ldflags', set.join(' ')],
          ...['-o', path.join(made, command), `./cmd/${command}`],
        ],
        { cwd: source },
      );
    },
  );
  return path.join(folder, command);
}
