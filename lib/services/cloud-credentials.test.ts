import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eq } from 'drizzle-orm';
import { db } from '@/db';
import { auditEvents, builds, credentials, type registries } from '@/db/schema';
import {
  makeActor,
  makeRegistry,
  makeSpec,
  makeWorker,
} from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import { AppError } from '@/lib/errors';
import { CredentialInput } from '@/lib/registry/credential';
import { type FakeAws, startFakeAws } from '@/lib/registry/testing/fake-aws';
import {
  type FakeGoogle,
  startFakeGoogle,
} from '@/lib/registry/testing/fake-google';
import { claimedJob, newClaim } from '@/lib/services/testing/claims';
import { getBuild } from '@/lib/services/build-views';
import { startBuild } from '@/lib/services/testing/starts';
import { updateCloudSettings } from '@/lib/services/cloud-settings';
import { findCredential, withCredential } from '@/lib/services/credentials';
import { makeLogin } from '@/lib/services/build-logins';
import {
  createRegistry,
  replaceCredential,
  updateRegistry,
} from '@/lib/services/registries';
import { getRegistry, listRegistries } from '@/lib/services/registry-views';

const ECR = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const GAR = 'europe-west1-docker.pkg.dev';
const ROLE = 'arn:aws:iam::123456789012:role/imageyard';
const KEY_ID = 'AKIAIOSFODNN7EXAMPLE';
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const KEYS = { method: 'aws_keys', username: KEY_ID, password: SECRET };

let actor: Actor;
let aws: FakeAws;
let google: FakeGoogle;

beforeEach(async () => {
  actor = await makeActor();
  aws = await startFakeAws({
    identities: { [KEY_ID]: { secretAccessKey: SECRET, allow: ['*'] } },
    roles: { [ROLE]: { trusts: [KEY_ID], externalId: 'ext-1', allow: ['*'] } },
  });
  google = await startFakeGoogle();
});

afterEach(async () => {
  await aws.close();
  await google.close();
});

/** A registry of Amazon's, asked at the fake, with a credential to push. */
async function makeEcr(
  credential: unknown = KEYS,
  settings: { createsRepositories?: boolean } = {},
) {
  const registry = await makeRegistry(actor, { kind: 'ecr', host: ECR });
  await updateCloudSettings(actor, {
    registryId: registry.id,
    createsRepositories: true,
    endpoint: aws.origin,
    stsEndpoint: aws.origin,
    ...settings,
  });
  await store(registry.id, credential);
  return registry;
}

function store(registryId: string, credential: unknown, by: Actor = actor) {
  return replaceCredential(by, {
    registryId,
    purpose: 'push',
    credential: CredentialInput.parse(credential),
  });
}

async function login(
  registryId: string,
  use: Parameters<typeof withCredential>[2] = { kind: 'look' },
) {
  const found = await findCredential(actor.teamId, registryId, 'push');
  return withCredential(actor.teamId, found?.id ?? '', use, (opened) =>
    Promise.resolve(opened),
  );
}

async function failureOf(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error('It did not fail.');
  return error;
}

describe('a login from a stored AWS key', () => {
  it('is made through the endpoint an owner set, and kept for half of its life', async () => {
    const { id } = await makeEcr();
    const first = await login(id);
    expect(first).toMatchObject({
      method: 'password',
      username: 'AWS',
      password: aws.passwords[0],
    });
    expect(first.expiresAt?.getTime()).toBeGreaterThan(Date.now());
    expect(await login(id)).toMatchObject({ password: first.password });
    expect(aws.passwords).toHaveLength(1);
  });

  it('is made once for many who ask at the same time', async () => {
    const { id } = await makeEcr();
    await Promise.all([login(id), login(id), login(id)]);
    expect(aws.passwords).toHaveLength(1);
  });

  it('is made anew for a test and for an export', async () => {
    const { id } = await makeEcr();
    await login(id);
    await login(id, { kind: 'test' });
    await login(id, { kind: 'export' });
    expect(aws.passwords).toHaveLength(3);
  });

  it('is never another credential’s, and gone once that is replaced', async () => {
    const { id } = await makeEcr();
    const other = await makeEcr();
    const first = await login(id);
    expect((await login(other.id)).password).not.toBe(first.password);
    await store(id, KEYS);
    expect((await login(id)).password).not.toBe(first.password);
  });

  it('is refused in our words, and not remembered', async () => {
    const { id } = await makeEcr({
      ...KEYS,
      password: 'a-wrong-secret-access-key'.replaceAll('-', '/'),
    });
    const error = await failureOf(login(id));
    expect(error.code).toBe('CLOUD_KEY_REFUSED');
    await store(id, KEYS);
    expect((await login(id)).username).toBe('AWS');
  });

  it('assumes a role in a session that names the build', async () => {
    const { id } = await makeEcr({
      ...KEYS,
      method: 'aws_role',
      roleArn: ROLE,
      externalId: 'ext-1',
    });
    await login(id);
    await login(id);
    expect(aws.sessions).toEqual(['imageyard-look']);
  });
});

it('a login from a Google key comes from the token endpoint', async () => {
  const registry = await makeRegistry(actor, { kind: 'gar', host: GAR });
  await updateCloudSettings(actor, {
    registryId: registry.id,
    createsRepositories: true,
    endpoint: google.tokenUrl,
    stsEndpoint: null,
  });
  await store(registry.id, { method: 'gcp_key', password: google.keyFile });
  expect(await login(registry.id)).toMatchObject({
    method: 'password',
    username: 'oauth2accesstoken',
    password: google.tokens.at(-1),
  });
});

it('an access token of Google’s is used as it is, and known to end within the hour', async () => {
  const registry = await makeRegistry(actor, { kind: 'gar', host: GAR });
  await store(registry.id, { method: 'gcp_token', password: 'ya29.typed' });
  const opened = await login(registry.id);
  expect(opened).toMatchObject({
    method: 'password',
    username: 'oauth2accesstoken',
    password: 'ya29.typed',
  });
  const leftMs = (opened.expiresAt?.getTime() ?? 0) - Date.now();
  expect(leftMs).toBeGreaterThan(3_500_000);
  expect(leftMs).toBeLessThan(3_700_000);
});

describe('what may be stored', () => {
  it('is a cloud’s own way for that cloud alone', async () => {
    const registry = await makeRegistry(actor, { kind: 'gar', host: GAR });
    const error = await failureOf(store(registry.id, KEYS));
    expect(error.fields).toEqual({
      'credential.method':
        'Google Artifact Registry does not take this kind of credential.',
    });
    await expect(
      createRegistry(actor, {
        name: 'plain',
        host: 'ghcr.io',
        namespace: 'acme',
        plainHttp: false,
        allowPrivate: false,
        credential: CredentialInput.parse(KEYS),
      }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('goes to that cloud’s own hosts alone, whatever kind was chosen', async () => {
    const registry = await makeRegistry(actor, {
      kind: 'gar',
      host: 'europe-west1-docker.pkg.dev.example.com',
    });
    const error = await failureOf(
      store(registry.id, { method: 'gcp_ambient' }),
    );
    expect(error.code).toBe('INVALID_INPUT');
    expect(error.message).toContain('goes nowhere else');
  });

  it.each(['aws_ambient', 'gcp_ambient'])(
    'is the server’s own identity (%s) by an owner alone',
    async (method) => {
      const isAws = method === 'aws_ambient';
      const registry = await makeRegistry(actor, {
        kind: isAws ? 'ecr' : 'gar',
        host: isAws ? ECR : GAR,
      });
      const member = await makeActor({ role: 'member', teamId: actor.teamId });
      const error = await failureOf(store(registry.id, { method }, member));
      expect(error.code).toBe('NOT_ALLOWED');
      await expect(store(registry.id, { method })).resolves.toBeDefined();
    },
  );

  it('is nothing for another team', async () => {
    const registry = await makeRegistry(actor, { kind: 'ecr', host: ECR });
    const stranger = await makeActor();
    await expect(store(registry.id, KEYS, stranger)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('the settings of a cloud’s registry', () => {
  const settings = (registryId: string, more: object = {}) => ({
    registryId,
    createsRepositories: false,
    endpoint: null,
    stsEndpoint: null,
    ...more,
  });

  it('are shown, and an endpoint is an owner’s to set', async () => {
    const registry = await makeEcr();
    const member = await makeActor({ role: 'member', teamId: actor.teamId });
    const error = await failureOf(
      updateCloudSettings(
        member,
        settings(registry.id, { endpoint: 'https://evil.example.com' }),
      ),
    );
    expect(error).toMatchObject({
      code: 'NOT_ALLOWED',
      fields: { endpoint: expect.anything() as string },
    });
    await updateCloudSettings(
      member,
      settings(registry.id, { endpoint: aws.origin, stsEndpoint: aws.origin }),
    );
    expect((await getRegistry(actor, registry.id)).cloud).toEqual({
      createsRepositories: false,
      endpoint: aws.origin,
      stsEndpoint: aws.origin,
    });
  });

  it('are forgotten with the place they were set for', async () => {
    const registry = await makeEcr();
    await updateRegistry(actor, {
      registryId: registry.id,
      name: registry.name,
      host: ECR.replace('eu-west-1', 'us-east-1'),
      namespace: '',
      plainHttp: false,
      allowPrivate: false,
    });
    expect((await getRegistry(actor, registry.id)).cloud?.endpoint).toBeNull();
  });

  it('belong to clouds alone, and to the team', async () => {
    const plain = await makeRegistry(actor);
    await expect(
      updateCloudSettings(actor, settings(plain.id)),
    ).rejects.toMatchObject({ code: 'CONFLICT' });
    const registry = await makeEcr();
    await expect(
      updateCloudSettings(await makeActor(), settings(registry.id)),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

const FOR_PUSH = { host: null };
const HOURS = 3_600_000;

describe('a build that pushes to Amazon', () => {
  async function claim(registry: typeof registries.$inferSelect) {
    const worker = await makeWorker(actor);
    const { spec } = await makeSpec(actor, registry);
    const { id } = await startBuild(actor, { specId: spec.id, noCache: false });
    const job = await claimedJob(
      worker,
      newClaim(),
      AbortSignal.timeout(20_000),
    );
    return { worker, job, buildId: id };
  }

  it('gets a login with its job, another before its push, and its repository made', async () => {
    const { worker, job } = await claim(await makeEcr());
    if (!job) throw new Error('Nothing was claimed.');
    expect(job.credentials).toMatchObject([
      { host: ECR, username: 'AWS', password: aws.passwords[0] },
    ]);
    const login = await makeLogin(worker, job, FOR_PUSH);
    expect(login.credential?.password).toBe(aws.passwords[1]);
    expect(login.repository).toMatchObject({ isReady: true });
    expect(aws.repositories.has(job.target.repository)).toBe(true);
    expect((await makeLogin(worker, job, FOR_PUSH)).repository).toBeNull();
  });

  it('may ask for the login of a host of its own anew, and for no other', async () => {
    const { worker, job } = await claim(await makeEcr());
    if (!job) throw new Error('Nothing was claimed.');
    const leftMs = job.credentials[0]?.leftMs ?? 0;
    expect(leftMs).toBeGreaterThan(11 * HOURS);
    expect(leftMs).toBeLessThanOrEqual(12 * HOURS);
    const again = await makeLogin(worker, job, { host: ECR });
    expect(again).toMatchObject({
      credential: { host: ECR, password: aws.passwords[1] },
      repository: null,
    });
    expect(aws.calls).not.toContain('ecr:CreateRepository');
    const other = await makeRegistry(actor, { host: 'other.example.com' });
    await store(other.id, {
      method: 'password',
      username: 'me',
      password: 'canary-other-host',
    });
    expect(await makeLogin(worker, job, { host: 'other.example.com' })).toEqual(
      { credential: null, repository: null },
    );
  });

  it('finds its repository unmade where the registry’s settings say so', async () => {
    const { worker, job } = await claim(
      await makeEcr(KEYS, { createsRepositories: false }),
    );
    if (!job) throw new Error('Nothing was claimed.');
    expect((await makeLogin(worker, job, FOR_PUSH)).repository).toBeNull();
    expect(aws.calls).not.toContain('ecr:CreateRepository');
  });

  it('is told the permission that its credential lacks', async () => {
    await aws.close();
    aws = await startFakeAws({
      identities: {
        [KEY_ID]: {
          secretAccessKey: SECRET,
          allow: ['ecr:GetAuthorizationToken'],
        },
      },
    });
    const { worker, job } = await claim(await makeEcr());
    if (!job) throw new Error('Nothing was claimed.');
    expect((await makeLogin(worker, job, FOR_PUSH)).repository).toMatchObject({
      isReady: false,
      note: expect.stringContaining('ecr:CreateRepository') as string,
    });
  });

  it('fails with a reason when no login can be made, and leaves the worker free', async () => {
    await aws.close();
    aws = await startFakeAws({ identities: {} });
    const registry = await makeEcr();
    const worker = await makeWorker(actor);
    const { spec } = await makeSpec(actor, registry);
    const { id } = await startBuild(actor, { specId: spec.id, noCache: false });
    const stop = new AbortController();
    const claiming = claimedJob(worker, newClaim(), stop.signal);
    await expect
      .poll(async () => (await getBuild(actor, id)).state, { timeout: 10_000 })
      .toBe('failed');
    stop.abort();
    expect(await claiming).toBeNull();
    expect(JSON.stringify(await getBuild(actor, id))).toMatch(
      /BUILD_LOGIN_FAILED.*No login for .* does not know this access key ID/,
    );
  });

  it('gives no login to an attempt that is over', async () => {
    const { worker, job } = await claim(await makeEcr());
    if (!job) throw new Error('Nothing was claimed.');
    await db()
      .update(builds)
      .set({ currentAttempt: 2 })
      .where(eq(builds.id, job.buildId));
    await expect(makeLogin(worker, job, FOR_PUSH)).rejects.toMatchObject({
      code: 'ATTEMPT_STALE',
    });
    await expect(
      makeLogin(await makeWorker(await makeActor()), job, FOR_PUSH),
    ).rejects.toMatchObject({ code: 'ATTEMPT_STALE' });
  });
});

it('nothing that leaves a service holds a key, a key file or a login', async () => {
  const registry = await makeEcr({
    ...KEYS,
    method: 'aws_role',
    roleArn: ROLE,
    externalId: 'ext-1',
  });
  const gar = await makeRegistry(actor, { kind: 'gar', host: GAR });
  await updateCloudSettings(actor, {
    registryId: gar.id,
    createsRepositories: true,
    endpoint: google.tokenUrl,
    stsEndpoint: null,
  });
  await store(gar.id, { method: 'gcp_key', password: google.keyFile });
  await login(registry.id);
  await login(gar.id);
  const { private_key } = JSON.parse(google.keyFile) as { private_key: string };
  const stored = await db()
    .select()
    .from(credentials)
    .where(eq(credentials.teamId, actor.teamId));
  const audited = await db()
    .select()
    .from(auditEvents)
    .where(eq(auditEvents.teamId, actor.teamId));
  const said = JSON.stringify([
    await listRegistries(actor),
    await getRegistry(actor, registry.id),
    await getRegistry(actor, gar.id),
    stored,
    audited,
  ]);
  const secrets = [
    SECRET,
    private_key.split('\n')[1] ?? '',
    ...aws.passwords,
    ...google.tokens,
  ];
  expect(secrets.every((secret) => secret.length > 8)).toBe(true);
  for (const secret of secrets) expect(said).not.toContain(secret);
  // What is no secret is shown, so that people know which key and account it is.
  expect(said).toContain(google.clientEmail);
  expect(said).toContain(KEY_ID);
});
