import type { Job } from '@/lib/build/protocol';
import { type RegistryClient, openRegistry } from '@/lib/registry/client';
import { resolveAddresses } from '@/lib/registry/egress';
import { allowanceFor } from '@/lib/registry/egress-policy';
import { RegistryError } from '@/lib/registry/errors';
import { credentialFor } from '@/worker/registry-logins';
import { pause } from '@/worker/time-limit';

/** `unknown`: the registry gave this worker no answer about it; that proves nothing either way. */
export type ReadBack = 'confirmed' | 'contradicted' | 'unknown';

const TRIES = 3;
const TRY_AGAIN_MS = 1_000;

/**
 * Reads a pushed manifest back from the registry by its digest, with a connection of its own, and looks whether it is
 * the image that was built here: on a shared engine another build could have borrowed the same name.
 */
export async function readBack(
  job: Job,
  pushed: { digest: string; imageId: string },
  signal: AbortSignal,
): Promise<ReadBack> {
  let client: RegistryClient;
  try {
    client = await openTarget(job);
  } catch {
    return 'unknown';
  }
  try {
    for (let round = 1; ; round += 1) {
      const answer = await ask(client, job, pushed, signal);
      // A registry of several machines may need a moment until all of them know the manifest.
      if (answer !== 'contradicted' || round === TRIES) return answer;
      await pause(TRY_AGAIN_MS, signal);
    }
  } finally {
    await client.close();
  }
}

/** The target is the server's word, so exactly this scheme, host and port may be private. */
async function openTarget({
  target,
  credentials,
}: Job): Promise<RegistryClient> {
  const { hostname } = new URL(`http://${target.host}/`);
  const allowance = allowanceFor(
    target.host,
    target.plainHttp,
    await resolveAddresses(hostname),
  );
  const credential = credentialFor(credentials, target.host);
  return openRegistry({
    registry: target.host,
    plainHttp: target.plainHttp,
    policy: { allow: allowance ? [allowance] : [] },
    ...(target.caCertificates === undefined
      ? {}
      : { ca: target.caCertificates }),
    ...(credential ? { credential } : {}),
  });
}

async function ask(
  client: RegistryClient,
  { target }: Job,
  { digest, imageId }: { digest: string; imageId: string },
  signal: AbortSignal,
): Promise<ReadBack> {
  try {
    const { manifest } = await client.getManifest(
      target.repository,
      digest,
      signal,
    );
    // An engine with a containerd store names an image by its manifest, the others by its config.
    const isOurs =
      digest === imageId ||
      (manifest.kind === 'image' && manifest.config.digest === imageId);
    return isOurs ? 'confirmed' : 'contradicted';
  } catch (error) {
    const isMissing =
      error instanceof RegistryError &&
      (error.code === 'REGISTRY_NOT_FOUND' ||
        error.code === 'REGISTRY_INVALID_ANSWER');
    return isMissing ? 'contradicted' : 'unknown';
  }
}
