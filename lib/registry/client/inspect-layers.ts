import type { ImageManifest } from '@/lib/registry/manifest';
import { isForeignLayer } from '@/lib/registry/media-types';
import type { Asked, Inspection } from './inspect-image';
import { attempt } from './probe';
import { isSuccess, probeBlob } from './read';

const MAX_LAYERS = 128;
const CONCURRENCY = 3;

/**
 * Asks whether each layer can be had, at most 128 of them, or a sample. Foreign layers are only listed. A layer that was
 * there moments ago for another image of the repository is not asked for again; its part says when it was.
 */
export async function inspectLayers(
  { session, repository, signal, depth, random }: Asked,
  found: Inspection,
  manifest: ImageManifest,
): Promise<void> {
  const isForeign = (layer: { mediaType: string }) =>
    isForeignLayer(layer.mediaType);
  found.foreignLayers = manifest.layers
    .filter(isForeign)
    .map((layer) => layer.digest);
  const own = manifest.layers
    .filter((layer) => !isForeign(layer))
    .map((layer) => layer.digest);
  const unique = [...new Set(own)].filter(
    (digest) => digest !== manifest.config.digest,
  );
  const queue =
    depth === 'all' ? unique.slice(0, MAX_LAYERS) : sampleOf(unique, random());
  found.checked = queue.length < unique.length ? 'sampled' : 'all';
  let isLimited = false;
  const work = async (): Promise<void> => {
    for (
      let digest = queue.shift();
      digest !== undefined && !isLimited;
      digest = queue.shift()
    ) {
      const seen = session.layers?.find(repository, digest);
      if (seen) {
        const seenAt = new Date(seen.at).toISOString();
        found.parts.push({ digest, kind: 'layer', probe: seen.probe, seenAt });
        continue;
      }
      const { probe, answer } = await attempt(
        probeBlob(session, repository, digest, 'layer', signal),
      );
      found.parts.push({ digest, kind: 'layer', probe });
      if (answer && isSuccess(answer))
        session.layers?.keep(repository, digest, probe);
      // Asking on after a 429 only makes the wait longer.
      isLimited ||= probe.status === 429;
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
}

/** The first, the last and one between: a push that broke off lacks the last, a clean-up takes any. */
function sampleOf(digests: readonly string[], random: number): string[] {
  if (digests.length <= 3) return [...digests];
  const between = 1 + Math.floor(random * (digests.length - 2));
  return [0, between, digests.length - 1].flatMap(
    (position) => digests[position] ?? [],
  );
}
