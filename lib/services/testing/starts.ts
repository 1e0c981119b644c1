import type { Actor } from '@/lib/auth';
import type { AskedBuild } from '@/lib/build/ask-views';
import { startBuilds } from '@/lib/services/build-start';

/** A build of one spec, without a look at what is behind its tag. */
export async function startBuild(
  actor: Actor,
  {
    specId,
    revision,
    noCache,
  }: { specId: string; revision?: number; noCache: boolean },
): Promise<AskedBuild> {
  const {
    builds: [build],
  } = await startBuilds(actor, {
    specs: [{ specId, revision }],
    withDependents: false,
    noCache,
    there: 'rebuild',
  });
  if (!build) throw new Error('No build was started.');
  return build;
}
