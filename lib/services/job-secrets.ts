import 'server-only';
import type { ImageSpec } from '@/lib/imagespec/schema';
import { secretNameOf } from '@/lib/imagespec/secrets';
import { openSecrets } from '@/lib/services/build-secrets';

/** What a spec's mounts stand for, in their order, for one attempt. Throws as `openSecrets`. */
export async function readJobSecrets(
  teamId: string,
  { pip_secret_mounts: mounts = [] }: ImageSpec,
  secretNames: Record<string, string>,
): Promise<string[]> {
  const names = mounts.map(([source]) => secretNameOf(source, secretNames));
  const contents = await openSecrets(teamId, names);
  return names.map((name) => contents.get(name) ?? '');
}
