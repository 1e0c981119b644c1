import type { Metadata } from 'next';
import { Hydrate } from '@/components/hydrate';
import { SecretPanel } from '@/components/secrets/secret-panel';
import { pageActor } from '@/lib/auth';
import { secretKeys } from '@/lib/queries/secrets';
import { listSecrets } from '@/lib/services/build-secrets';

export const metadata: Metadata = { title: 'Secrets' };

export default async function SecretsPage() {
  const actor = await pageActor();
  const secrets = await listSecrets(actor);
  return (
    <Hydrate seeds={[[secretKeys.list, secrets]]}>
      <SecretPanel isOwner={actor.role === 'owner'} />
    </Hydrate>
  );
}
