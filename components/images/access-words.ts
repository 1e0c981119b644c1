import type { AccessIdentity } from '@/lib/registry/access-evidence';

/** Who asks, as a row of the matrix names it. */
export const IDENTITY_LABELS: Record<AccessIdentity, string> = {
  anonymous: 'Anyone',
  stored_pull: 'Stored pull credential',
  stored_push: 'Stored push credential',
  cluster: 'Cluster’s pull secret',
};
