import type { FlytekitFields } from '@/lib/imagespec/tag';
import { isBefore, type Release } from './release';
import { digestText, isSet, Stopped, type ReleaseDigests } from './outcome';

/**
 * What stands for `source_root` in the hashed text; undefined where the field stands as it is. Throws `Stopped` where
 * the release refuses, or where only the registering machine knows.
 */
export function sourceText(
  release: Release,
  { source_root: root, source_copy_mode: mode }: FlytekitFields,
  digests: ReleaseDigests,
): string | undefined {
  const { sourceBefore = {} } = digests;
  if (isBefore(release, '1.12.0')) {
    if (!isSet(root)) return "b''";
    return `b${listed(sourceBefore['1.10.0'], release)}`;
  }
  if (isBefore(release, '1.13.6')) {
    return isSet(root) ? listed(sourceBefore['1.12.0'], release) : undefined;
  }
  const copies = mode?.type === 'enum' && !mode.repr.includes('NO_COPY');
  if (!copies) return undefined;
  if (!isSet(root)) {
    const reason = 'Set source_root, the folder to copy.';
    throw new Stopped({ kind: 'refused', field: 'source_root', reason });
  }
  if (isBefore(release, '1.14.0')) {
    return listed(sourceBefore['1.13.6'], release);
  }
  if (digests.source === undefined && mode.repr.includes('LOADED_MODULES')) {
    const reason =
      'LOADED_MODULES takes the modules that the registering program has loaded; only that program knows them.';
    throw new Stopped({ kind: 'unknown', field: 'source_copy_mode', reason });
  }
  return digestText(digests.source, 'source_root');
}

function listed(digest: string | undefined, release: Release): string {
  if (digest !== undefined) return digestText(digest, 'source_root');
  const reason = `flytekit ${release} digests source_root in the order in which the disk lists its files; only the registering machine knows it.`;
  throw new Stopped({ kind: 'unknown', field: 'source_root', reason });
}
