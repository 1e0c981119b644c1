import type { ErrorCode } from '@/lib/errors';
import type { AccessVerdict } from '@/lib/registry/access';
import type { AccessEvidence } from '@/lib/registry/access-evidence';
import type { ManifestKind } from '@/lib/registry/manifest-kinds';
import type { CredentialOutcome } from '@/lib/registry/client/check-credential';
import type {
  CredentialMethod,
  CredentialPurpose,
  CredentialUse,
} from '@/lib/registry/credential';
import type { RegistryKind } from '@/lib/registry/schema';

/** ISO 8601 instants throughout; no view holds a secret. */
export type CredentialCheckView = {
  at: string;
  pull: { outcome: CredentialOutcome; explanation: string };
  /** `null` when there was no repository to ask about. */
  push: { outcome: CredentialOutcome; explanation: string };
  /** What stood in the way of asking, with the outcomes of the last time it did not; `null` when nothing did. */
  fault: { code: ErrorCode; message: string } | null;
};

/** What a credential was last used for; `build` is `null` when that was no build of a spec that is still there. */
export type CredentialUseView = {
  kind: CredentialUse;
  build: { id: string; number: number; specName: string } | null;
};

export type CredentialView = {
  id: string;
  purpose: CredentialPurpose;
  method: CredentialMethod;
  /** `''` where the method needs none. */
  username: string;
  expiresAt: string | null;
  /** Since when its tests fail for its purpose. */
  failingSince: string | null;
  createdAt: string;
  lastUsedAt: string | null;
  /** What for. A test is no use. */
  lastUse: CredentialUseView | null;
  lastCheck: CredentialCheckView | null;
  /** Origins of token services the owner let it go to. */
  realmOrigins: string[];
};

export type RegistryItemView = {
  id: string;
  name: string;
  kind: RegistryKind;
  host: string;
  namespace: string;
  /** `host/namespace`, as ImageSpec's `registry` wants it. */
  prefix: string;
  plainHttp: boolean;
  /** Whether the owner opened a loopback, private or http address for it. */
  isOpened: boolean;
  archivedAt: string | null;
  /** At most one for each purpose. */
  credentials: CredentialView[];
  specCount: number;
  createdAt: string;
};

export type RegistryView = RegistryItemView & {
  allowedRanges: string[];
  /** PEM certificates trusted for it beside the usual ones. */
  caCertificates: string | null;
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
  kind: ManifestKind;
  platform: string | null;
  /** Its own, or of an index those of its parts. */
  platforms: string[];
  artifactType: string | null;
  /** An index names it and no tag does. */
  isPart: boolean;
  sizeBytes: number | null;
  /** When it says it was made, as far as that can be believed, else when it was first seen. */
  sortedAt: string;
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

/** A manifest that an image names or that hangs on it. */
export type RelatedView = {
  digest: string;
  kind: ManifestKind | null;
  platform: string | null;
  artifactType: string | null;
  sizeBytes: number | null;
  tags: string[];
  /** Whether it was there when it was last looked for; of one never seen, false. */
  isThere: boolean;
};

export type ImageView = ImageItemView & {
  /** Of an index: the images in it, in its order. */
  parts: RelatedView[];
  /** The indexes that name it. */
  indexes: RelatedView[];
  /** Attestations, signatures and other things that hang on it. */
  referrers: RelatedView[];
  subjectDigest: string | null;
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
