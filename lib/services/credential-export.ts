import 'server-only';
import { db } from '@/db';
import type { Actor } from '@/lib/auth';
import { AppError } from '@/lib/errors';
import type { ExportPullSecret } from '@/lib/registry/forms';
import {
  pullSecretCommands,
  toDockerConfig,
  toPullSecret,
} from '@/lib/registry/pull-secret';
import type { PullSecretView } from '@/lib/registry/views';
import { audit } from '@/lib/services/audit';
import {
  type CredentialRow,
  listCredentials,
  type OpenedCredential,
  withCredential,
} from '@/lib/services/credentials';
import { requireRegistry } from '@/lib/services/registries';
import type { RegistryRow } from '@/lib/services/registry-clients';
import { requireOwner } from '@/lib/services/roles';

/**
 * The secret a cluster pulls with, made from the cluster's credential or, without one, that for pulling; a push
 * credential is never handed out. Owner only, and written down before it is shown. Throws NOT_ALLOWED,
 * CREDENTIAL_UNUSABLE.
 */
export async function exportPullSecret(
  actor: Actor,
  input: ExportPullSecret,
): Promise<PullSecretView> {
  requireOwner(actor);
  const registry = await requireRegistry(actor, input.registryId);
  const credential = await findExportable(registry);
  return withCredential(
    actor.teamId,
    credential.id,
    { kind: 'export' },
    async (opened) => {
      const login = requireLogin(opened);
      await audit(db(), actor, {
        action: 'credential.export',
        subject: registry.name,
        subjectId: registry.id,
        detail: {
          purpose: credential.purpose,
          username: login.username,
          secret: input.name,
          namespace: input.namespace,
        },
      });
      const dockerConfig = toDockerConfig({ host: registry.host, ...login });
      return {
        purpose: credential.purpose,
        manifest: toPullSecret(input, dockerConfig),
        dockerConfig,
        commands: pullSecretCommands(input),
        expiresAt: opened.expiresAt?.toISOString() ?? null,
      };
    },
  );
}

async function findExportable(registry: RegistryRow): Promise<CredentialRow> {
  const all = await listCredentials(registry.teamId, registry.id);
  const found =
    all.find(({ purpose }) => purpose === 'cluster') ??
    all.find(({ purpose }) => purpose === 'pull');
  if (found) return found;
  throw new AppError(
    'CREDENTIAL_UNUSABLE',
    all.length === 0
      ? `No credential is stored for ${registry.name}.`
      : 'Only a push credential is stored, which is never handed out. Store one for the cluster first.',
  );
}

function requireLogin({ method, username, password }: OpenedCredential) {
  if (method === 'password') return { username, password };
  throw new AppError(
    'CREDENTIAL_UNUSABLE',
    'A cluster takes a user name with a password, not a token in its place.',
  );
}
