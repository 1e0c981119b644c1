import type { ErrorCode } from '@/lib/errors';
import type { AccessVerdict } from '@/lib/registry/access';
import type {
  AccessEvidence,
  AccessIdentity,
} from '@/lib/registry/access-evidence';
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
  /** The AWS role that is assumed, `null` for none. */
  roleArn: string | null;
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

/** A certificate that is trusted for one registry. */
export type CertificateView = {
  subject: string;
  expiresAt: string;
  fingerprint: string;
  /** Whether it may sign others; one that may not vouches for itself alone. */
  isAuthority: boolean;
};

/** A credential that needs a person: its tests fail, or it ends soon. */
export type CredentialAttentionView = {
  registry: { id: string; name: string };
  purpose: CredentialPurpose;
  /** What its last test said, `null` while it still works. */
  failure: string | null;
  failingSince: string | null;
  expiresAt: string | null;
};

/** Where one entry of a `config.json` may go, without its secret. */
export type ImportRowView = {
  key: string;
  /** `host/namespace`. */
  prefix: string;
  username: string;
  method: CredentialMethod | null;
  /** The registry it goes into, with the purposes that have a credential there; `null`: a new one. */
  registry: { id: string; name: string; stored: CredentialPurpose[] } | null;
  newName: string | null;
  plainHttp: boolean;
  /** A new registry opens a loopback, private or plain-http address. */
  opensAddress: boolean;
  /** Why it cannot be taken. */
  skipped: string | null;
};

export type ImportView = { rows: ImportRowView[]; helpers: string[] };

/** Shown once and kept nowhere: it holds the secret. */
export type PullSecretView = {
  purpose: CredentialPurpose;
  /** The Kubernetes manifest, and the `config.json` in it. */
  manifest: string;
  dockerConfig: string;
  commands: { kubectl: string; attach: string; flyte: string };
  expiresAt: string | null;
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

/** How a cloud's registry gets its logins and repositories. An endpoint is `null` where it is the provider's own. */
export type CloudSettingsView = {
  endpoint: string | null;
  stsEndpoint: string | null;
  createsRepositories: boolean;
};

export type RegistryView = RegistryItemView & {
  /** `null` for a registry that belongs to no cloud. */
  cloud: CloudSettingsView | null;
  allowedRanges: string[];
  /** PEM certificates trusted for it beside the usual ones. */
  caCertificates: string | null;
  certificates: CertificateView[];
  /** What a worker needs to build for it. */
  workerLabels: string[];
  /** How many builds may push there at a time, `null` for any number. */
  maxBuilds: number | null;
  /** What last used its credentials or pushed there, newest first. */
  builds: {
    id: string;
    number: number;
    specName: string;
    createdAt: string;
  }[];
  /** When tests of its credentials began to fail or were good again, newest first. */
  changes: {
    id: string;
    purpose: CredentialPurpose;
    isFailing: boolean;
    explanation: string;
    at: string;
  }[];
  specs: { id: string; name: string; archivedAt: string | null }[];
};

/** What "Test" found: whether the credential is accepted, or what stood in the way of asking. */
export type RegistryTestView = {
  check: CredentialCheckView | null;
  isAnonymous: boolean;
};

/** What a host last said of its pull limit to one identity. */
export type LimitView = {
  identity: AccessIdentity;
  /** Null: it counts nothing. */
  limit: number | null;
  remaining: number | null;
  windowSeconds: number | null;
  /** Whom it counts: an address or an account. */
  source: string | null;
  /** It refused, and is left alone until then. */
  pausedUntil: string | null;
  seenAt: string;
};

/** The latest answer to "can this be pulled?" for one reference and platform, with everything it rests on. */
export type AccessView = {
  repositoryId: string;
  /** `:tag` or `@digest`. */
  reference: string;
  platform: string;
  identity: AccessIdentity;
  verdict: AccessVerdict;
  checkedAt: string;
  /** Since when the answer is this one. */
  changedAt: string;
  /** A newer look was turned away by a rate limit; the verdict is the one before. */
  isStale: boolean;
  evidence: AccessEvidence;
};

/** An answer without what it rests on. */
export type AccessCellView = Omit<AccessView, 'evidence'>;

/** Who can pull an image, and for what: a row for each identity the team has there, a column for each platform. */
export type AccessMatrixView = {
  identities: AccessIdentity[];
  platforms: string[];
  /** The platforms that the team said its cluster runs. */
  clusterPlatforms: string[];
  cells: AccessCellView[];
  /** Anyone can pull it, and the cluster with its secret cannot: the secret is what breaks it. */
  isBrokenBySecret: boolean;
};

/** One answer of the past: what it was before, and what it became. */
export type AccessChangeView = {
  id: string;
  reference: string;
  platform: string;
  identity: AccessIdentity;
  from: AccessVerdict | null;
  to: AccessVerdict;
  digest: string | null;
  at: string;
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
  matrix: AccessMatrixView;
  accessChanges: AccessChangeView[];
};
