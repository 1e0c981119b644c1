import type { AccessVerdict } from '@/lib/registry/access';
import type { AccessEvidence } from '@/lib/registry/access-evidence';
import type { CredentialOutcome } from '@/lib/registry/client/check-credential';

/** ISO 8601 instants throughout; no view holds a secret. */
export type CredentialCheckView = {
  at: string;
  pull: { outcome: CredentialOutcome; explanation: string };
  /** `null` when there was no repository to ask about. */
  push: { outcome: CredentialOutcome; explanation: string };
};

export type CredentialView = {
  id: string;
  username: string;
  createdAt: string;
  lastUsedAt: string | null;
  lastCheck: CredentialCheckView | null;
  /** Origins of token services the owner let it go to. */
  realmOrigins: string[];
};

export type RegistryItemView = {
  id: string;
  name: string;
  host: string;
  namespace: string;
  /** `host/namespace`, as ImageSpec's `registry` wants it. */
  prefix: string;
  plainHttp: boolean;
  /** Whether the owner opened a loopback, private or http address for it. */
  isOpened: boolean;
  archivedAt: string | null;
  credential: CredentialView | null;
  specCount: number;
  createdAt: string;
};

export type RegistryView = RegistryItemView & {
  allowedRanges: string[];
  specs: { id: string; name: string; archivedAt: string | null }[];
};

/** What "Test" found: whether the credential is accepted, or what stood in the way of asking. */
export type RegistryTestView = {
  check: CredentialCheckView | null;
  isAnonymous: boolean;
};

/** The latest answer to "can anyone pull this?" for one reference and platform, with everything it rests on. */
export type AccessView = {
  repositoryId: string;
  /** `:tag` or `@digest`. */
  reference: string;
  platform: string;
  verdict: AccessVerdict;
  checkedAt: string;
  /** A newer look was turned away by a rate limit; the verdict is the one before. */
  isStale: boolean;
  evidence: AccessEvidence;
};

/** One image in a list: a digest of a repository that this installation has seen. */
export type ImageItemView = {
  repositoryId: string;
  /** `host/path`. */
  repository: string;
  digest: string;
  kind: 'image' | 'index';
  platform: string | null;
  sizeBytes: number | null;
  /** Tags that point to it now. */
  tags: string[];
  build: { id: string; number: number; specName: string } | null;
  verdict: AccessVerdict | null;
  lastSeenAt: string;
  goneAt: string | null;
};

export type LayerView = {
  position: number;
  digest: string;
  sizeBytes: number;
  madeBy: string | null;
  /** Other images of the team that hold this layer too. */
  sharedWith: number;
};

export type TagMoveView = {
  tag: string;
  from: string | null;
  to: string | null;
  seenAt: string;
};

export type ImageView = ImageItemView & {
  mediaType: string;
  configDigest: string | null;
  registry: { id: string; name: string } | null;
  labels: Record<string, string>;
  run: {
    entrypoint: string[];
    command: string[];
    user: string;
    workdir: string;
    env: string[];
  } | null;
  imageCreatedAt: string | null;
  firstSeenAt: string;
  layers: LayerView[];
  tagMoves: TagMoveView[];
  access: AccessView | null;
};
