import type { ManifestReading } from './manifest';
import type { ManifestKind } from './manifest-kinds';

type Readable = Exclude<ManifestReading, { kind: 'schema1' | 'invalid' }>;

const IN_TOTO = 'application/vnd.in-toto+json';
const COSIGN = 'application/vnd.dev.cosign.';
const HOUR_MS = 3_600_000;
// Before there were containers, a date is a placeholder: builds that can be repeated write 1970 or 1980.
const FIRST_MS = Date.UTC(2013, 0, 1);

/**
 * What a manifest is to a person. BuildKit's attestations and cosign's signatures look like images: what their layers
 * hold tells them apart.
 */
export function toManifestKind(manifest: Readable): ManifestKind {
  if (manifest.kind !== 'image') return manifest.kind;
  const { layers } = manifest;
  const all = (test: (mediaType: string) => boolean) =>
    layers.length > 0 && layers.every(({ mediaType }) => test(mediaType));
  if (all((mediaType) => mediaType === IN_TOTO)) return 'attestation';
  return all((mediaType) => mediaType.startsWith(COSIGN))
    ? 'artifact'
    : 'image';
}

/** What an artifact is, or what an attestation's statements are about; null for images. */
export function artifactTypeOf(manifest: ManifestReading): string | null {
  if (manifest.kind === 'artifact') return manifest.mediaType;
  if (manifest.kind === 'schema1' || manifest.kind === 'invalid') return null;
  const kind = toManifestKind(manifest);
  if (manifest.kind !== 'image' || kind === 'image')
    return manifest.artifactType;
  const { predicates, layers } = manifest;
  return [...new Set(predicates)].join(', ') || (layers[0]?.mediaType ?? null);
}

/** A tag that stands for things that hang on a digest: the standard's fallback, and cosign's own suffixes. */
export function referrerTag(
  tag: string,
): { subject: string; isList: boolean } | null {
  const match = /^sha256-([0-9a-f]{64})(\.(?:sig|att|sbom))?$/.exec(tag);
  return match
    ? { subject: `sha256:${match[1] ?? ''}`, isList: match[2] === undefined }
    : null;
}

/** The tags under which cosign keeps the signatures, attestations and SBOMs of a digest. */
export function cosignTags(digest: string): string[] {
  const hex = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];
  return hex === undefined
    ? []
    : ['sig', 'att', 'sbom'].map((suffix) => `sha256-${hex}.${suffix}`);
}

/** Where an image stands in lists: when it says it was made, unless that cannot be, else when it was first seen. */
export function toSortedAt(created: Date | null, seen: Date): Date {
  if (created === null) return seen;
  const isBelievable =
    created.getTime() >= FIRST_MS &&
    created.getTime() <= seen.getTime() + HOUR_MS;
  return isBelievable ? created : seen;
}
