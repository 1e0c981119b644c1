import type { CredentialPurpose } from '@/lib/registry/credential';

/** How people read a purpose, and what holds while no credential is stored for it. */
export const PURPOSES: Record<
  CredentialPurpose,
  { title: string; word: string; what: string; without: string }
> = {
  push: {
    title: 'Push',
    word: 'push',
    what: 'Builds push with it.',
    without: 'None stored: builds push without a login.',
  },
  pull: {
    title: 'Pull',
    word: 'pull',
    what: 'Imageyard reads with it, and builds pull base images.',
    without: 'None of its own: the push credential is used where there is one.',
  },
  cluster: {
    title: 'Cluster',
    word: 'cluster',
    what: 'Pods pull with it, once you export it. Imageyard itself only tests it.',
    without: 'None stored: what your cluster pulls with is not known here.',
  },
};
