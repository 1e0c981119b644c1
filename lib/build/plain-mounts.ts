import path from 'node:path/posix';
import {
  type Instruction,
  mountOptions,
  runFlags,
} from '@/lib/build/dockerfile-instructions';

/** Of the caches that want to be locked, the one that two steps cannot share: apt fails when another uses it. */
const NEVER_SHARED = '/var/cache/apt';

/**
 * A Dockerfile with mounts as Podman takes them: every target is absolute, and no cache is locked, because a lock that a
 * failed step held is never given back, and every later build waits for it. What cannot be shared is in memory instead.
 */
export function plainMounts(instructions: readonly Instruction[]): string {
  let folder = '/';
  return instructions
    .map(({ keyword, rest, text }) => {
      if (keyword === 'FROM') folder = '/';
      if (keyword === 'WORKDIR') folder = path.resolve(folder, rest);
      if (keyword !== 'RUN') return text;
      return runFlags(text, (flags) =>
        flags.replace(/--mount=\S+/g, (flag) => plain(flag, folder)),
      );
    })
    .join('\n');
}

function plain(flag: string, folder: string): string {
  const options = mountOptions(flag);
  const target = options?.get('target');
  if (!options || target === undefined) return flag;
  options.set('target', path.resolve(folder, target));
  if (options.get('sharing') === 'locked') {
    options.delete('sharing');
    if (target === NEVER_SHARED) return `--mount=type=tmpfs,target=${target}`;
  }
  return `--mount=${[...options].map(([name, value]) => (value === '' ? name : `${name}=${value}`)).join(',')}`;
}
