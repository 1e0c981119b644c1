import { db } from '@/db';
import { makeActor, makeRegistry } from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import {
  type FakeRegistry,
  startFakeRegistry,
} from '@/lib/registry/testing/fake-registry';
import {
  ensureRepository,
  type RepositoryRow,
} from '@/lib/services/repositories';

export type RegistryFixture = {
  actor: Actor;
  fake: FakeRegistry;
  registryId: string;
  /** The row of a repository in it. */
  repository: (path: string) => Promise<RepositoryRow>;
};

/** A team with a registry in memory that its owner has opened, plain http on loopback. */
export async function makeRegistryFixture(
  actor?: Actor,
): Promise<RegistryFixture> {
  const owner = actor ?? (await makeActor());
  const fake = await startFakeRegistry({ tls: false });
  const registry = await makeRegistry(owner, {
    host: fake.host,
    namespace: '',
    plainHttp: true,
    allowedRanges: ['127.0.0.1/32'],
  });
  return {
    actor: owner,
    fake,
    registryId: registry.id,
    repository: (path) =>
      ensureRepository(db(), owner.teamId, `${fake.host}/${path}`),
  };
}
