import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { db } from '@/db';
import { auditEvents, credentials } from '@/db/schema';
import { makeActor, makeRegistry } from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import type {
  ClientMethod,
  CredentialPurpose,
} from '@/lib/registry/credential';
import { exportPullSecret } from '@/lib/services/credential-export';
import { replaceCredential } from '@/lib/services/registries';

const SECRET = 'canary-export-77cd';
const NAMES = { name: 'pull', namespace: 'flyte' };
let actor: Actor;
let registryId: string;

beforeEach(async () => {
  actor = await makeActor();
  registryId = (await makeRegistry(actor, { host: 'docker.io' })).id;
});

const store = (
  purpose: CredentialPurpose,
  username: string,
  method: ClientMethod = 'password',
) =>
  replaceCredential(actor, {
    registryId,
    purpose,
    credential: { method, username, password: SECRET },
  });

function loginIn(manifest: string): unknown {
  const { data } = parse(manifest) as { data: Record<string, string> };
  const text = Buffer.from(data['.dockerconfigjson'] ?? '', 'base64');
  return (JSON.parse(text.toString()) as { auths: unknown }).auths;
}

describe('exportPullSecret', () => {
  it('gives the credential of the cluster, before that for pulling', async () => {
    await store('push', 'pusher');
    await store('pull', 'puller');
    const first = await exportPullSecret(actor, { registryId, ...NAMES });
    expect(first.purpose).toBe('pull');
    await store('cluster', 'pod');
    const second = await exportPullSecret(actor, { registryId, ...NAMES });
    expect(second.purpose).toBe('cluster');
    expect(loginIn(second.manifest)).toMatchObject({
      'https://index.docker.io/v1/': { username: 'pod', password: SECRET },
    });
    expect(JSON.stringify(second.commands)).not.toContain(SECRET);
  });

  it('never hands out a push credential, and says so', async () => {
    await expect(
      exportPullSecret(actor, { registryId, ...NAMES }),
    ).rejects.toMatchObject({ code: 'CREDENTIAL_UNUSABLE' });
    await store('push', 'pusher');
    await expect(
      exportPullSecret(actor, { registryId, ...NAMES }),
    ).rejects.toMatchObject({
      code: 'CREDENTIAL_UNUSABLE',
      message: expect.stringContaining('push credential') as string,
    });
  });

  it('does not pass a token off as a password', async () => {
    await store('cluster', '', 'identity_token');
    await expect(
      exportPullSecret(actor, { registryId, ...NAMES }),
    ).rejects.toMatchObject({ code: 'CREDENTIAL_UNUSABLE' });
  });

  it('is written down: who, which, where to; not the secret', async () => {
    await store('cluster', 'pod');
    await exportPullSecret(actor, { registryId, ...NAMES });
    const events = await db()
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.action, 'credential.export'));
    const event = events.find(({ teamId }) => teamId === actor.teamId);
    expect(event).toMatchObject({
      userId: actor.userId,
      subjectId: registryId,
      detail: { purpose: 'cluster', username: 'pod', secret: 'pull' },
    });
    expect(JSON.stringify(event)).not.toContain(SECRET);
    const [row] = await db()
      .select()
      .from(credentials)
      .where(eq(credentials.registryId, registryId));
    expect(row?.lastUsedFor).toBe('export');
  });

  it("is the owner's, and not another team's", async () => {
    await store('cluster', 'pod');
    const member = await makeActor({ role: 'member', teamId: actor.teamId });
    await expect(
      exportPullSecret(member, { registryId, ...NAMES }),
    ).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
    await expect(
      exportPullSecret(await makeActor(), { registryId, ...NAMES }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
