import { cosignTags } from '@/lib/registry/manifest-facts';
import { findDigest, type RepositoryPlace } from './find-digest';

/** The tags that are there under which cosign keeps what it made for a digest, each with what it points to. */
export async function findCosignTags(
  place: RepositoryPlace,
  subject: string,
  signal?: AbortSignal,
): Promise<{ tag: string; digest: string }[]> {
  const found = await Promise.all(
    cosignTags(subject).map(async (tag) => ({
      tag,
      digest: await findDigest(place, tag, signal),
    })),
  );
  return found.flatMap(({ tag, digest }) =>
    digest === null ? [] : [{ tag, digest }],
  );
}
