/** What a digest of a repository turned out to be. */
export const MANIFEST_KINDS = [
  'image',
  'index',
  'attestation',
  'artifact',
] as const;
export type ManifestKind = (typeof MANIFEST_KINDS)[number];
