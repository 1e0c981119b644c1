import { afterEach, describe, expect, it } from 'vitest';
import { openRegistry, type RegistryClient } from '@/lib/registry/client';
import { RegistryError } from '@/lib/registry/errors';
import { OCI_INDEX, OCI_MANIFEST } from '@/lib/registry/media-types';
import {
  type FakeOptions,
  type FakeRegistry,
  startFakeRegistry,
} from '@/lib/registry/testing/fake-registry';
import { failure } from '@/lib/registry/testing/fake-store';
import { acrInventory } from '@/lib/registry/testing/registries/acr';
import { artifactoryInventory } from '@/lib/registry/testing/registries/artifactory';
import { distributionInventory } from '@/lib/registry/testing/registries/distribution';
import { dockerHubInventory } from '@/lib/registry/testing/registries/docker-hub';
import { ecrInventory } from '@/lib/registry/testing/registries/ecr';
import { garInventory } from '@/lib/registry/testing/registries/gar';
import { ghcrInventory } from '@/lib/registry/testing/registries/ghcr';
import { gitlabInventory } from '@/lib/registry/testing/registries/gitlab';
import { harborInventory } from '@/lib/registry/testing/registries/harbor';
import { quayInventory } from '@/lib/registry/testing/registries/quay';

const open: { close: () => Promise<void> }[] = [];
const credential = { username: 'ci', password: 'canary-77' };

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function start(
  options: FakeOptions = {},
): Promise<{ fake: FakeRegistry; client: RegistryClient }> {
  const users = { ci: credential.password };
  const fake = await startFakeRegistry({ tls: false, users, ...options });
  const client = openRegistry({
    registry: fake.host,
    plainHttp: true,
    policy: fake.policy,
    sleep: () => Promise.resolve(),
    ...(options.mode ? { credential } : {}),
  });
  open.push(fake, client);
  return { fake, client };
}

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: unknown) => (error instanceof RegistryError ? error.code : error),
  );
const many = (count: number) =>
  Array.from({ length: count }, (_, n) => `t${String(n).padStart(5, '0')}`);

describe('the catalog', () => {
  it('is read page by page', async () => {
    const { fake, client } = await start({ mode: 'token' });
    for (const name of many(2_300)) fake.store.addBlob(name, 'x');
    const list = await client.listRepositories();
    expect(list?.repositories).toEqual(many(2_300));
    expect(list?.isComplete).toBe(true);
    const pages = fake.requests.filter(({ path }) => path === '/v2/_catalog');
    expect(pages.map(({ query }) => query.get('last'))).toEqual([
      null,
      null,
      't00999',
      't01999',
    ]);
  });

  it.each([
    ['Docker Hub', dockerHubInventory(), 'open'],
    ['GHCR', ghcrInventory(), 'open'],
    ['ECR', ecrInventory(), 'open'],
    ['Harbor for who may not list', harborInventory(), 'open'],
    ['GitLab, by its token server', gitlabInventory(), 'token'],
    [
      'a host that shows a page',
      [{ when: 'GET /v2/_catalog', reply: { status: 200, body: '<html>' } }],
      'open',
    ],
  ] as const)('is none on %s', async (_, rules, mode) => {
    const { fake, client } = await start({ mode });
    fake.script(...rules);
    expect(await client.listRepositories()).toBeNull();
  });

  it('that is down is no missing catalog', async () => {
    const { fake, client } = await start();
    fake.script({ when: 'GET /v2/_catalog', reply: { status: 503 } });
    expect(await codeOf(client.listRepositories())).toBe(
      'REGISTRY_UNREACHABLE',
    );
  });
});

describe('pages of tags', () => {
  it('are one unsorted page on distribution 2.8, whatever is asked for', async () => {
    const { fake, client } = await start();
    for (const tag of ['b', 'a']) fake.store.seedImage('acme/etl', tag);
    fake.script(...distributionInventory(fake.store));
    expect((await client.listTags('acme/etl')).tags).toEqual(['b', 'a']);
  });

  it('follow the position that only Quay understands', async () => {
    const { fake, client } = await start();
    fake.script(...quayInventory('acme/etl', many(120)));
    const { tags, isComplete } = await client.listTags('acme/etl');
    expect(tags).toEqual(many(120));
    expect(isComplete).toBe(true);
  });

  it('keep the prefix that Artifactory drops from its links', async () => {
    const { fake, client } = await start();
    fake.script(...artifactoryInventory('docker-virtual', 'etl', many(5)));
    const { tags } = await client.listTags('docker-virtual/etl');
    expect(tags).toEqual(many(5));
    expect(new Set(fake.requests.map(({ path }) => path))).toEqual(
      new Set(['/v2/docker-virtual/etl/tags/list']),
    );
  });

  it('never ask ECR for more than it gives', async () => {
    const { fake, client } = await start();
    fake.store.seedImage('etl', '1');
    fake.script(...ecrInventory());
    expect((await client.listTags('etl')).tags).toEqual(['1']);
  });

  it('stop at the cap, and say so', async () => {
    const { fake, client } = await start();
    fake.script(...quayInventory('acme/etl', many(500)));
    const { tags, isComplete } = await client.listTags(
      'acme/etl',
      undefined,
      3,
    );
    expect(tags).toHaveLength(150);
    expect(isComplete).toBe(false);
  });

  it('that lead to another host are refused', async () => {
    const { fake, client } = await start();
    fake.script({
      when: 'GET /v2/acme/etl/tags/list',
      reply: {
        status: 200,
        headers: { link: '<https://evil.example.com/v2/x>; rel="next"' },
        body: '{"tags":["1"]}',
      },
    });
    expect(await codeOf(client.listTags('acme/etl'))).toBe('REGISTRY_BLOCKED');
    expect(fake.requests).toHaveLength(1);
  });
});

describe('referrers', () => {
  const signature = {
    mediaType: OCI_MANIFEST,
    digest: `sha256:${'5'.repeat(64)}`,
    size: 7,
    artifactType: 'application/vnd.example.sig',
  };
  const index = {
    schemaVersion: 2,
    mediaType: OCI_INDEX,
    manifests: [signature],
  };

  it('come from the API where there is one', async () => {
    const { fake, client } = await start();
    const { digest } = fake.store.seedImage('acme/etl', '1');
    fake.script({
      when: `GET /v2/acme/etl/referrers/${digest}`,
      reply: {
        status: 200,
        headers: { 'content-type': OCI_INDEX },
        body: JSON.stringify(index),
      },
    });
    const list = await client.listReferrers('acme/etl', digest, null);
    expect(list.way).toBe('api');
    expect(list.referrers).toMatchObject([
      { digest: signature.digest, artifactType: signature.artifactType },
    ]);
  });

  it.each([
    [
      'distribution 2.8',
      (fake: FakeRegistry) => distributionInventory(fake.store),
    ],
    ['GHCR', () => ghcrInventory()],
    ['GitLab', () => gitlabInventory()],
    [
      'Harbor before 2.11, which answers something else',
      () => harborInventory(),
    ],
    [
      'Google, which shows a login page',
      (fake: FakeRegistry) => garInventory(fake.origin, fake.store),
    ],
  ])('come from the fallback tag on %s', async (_, rules) => {
    const { fake, client } = await start();
    const { digest } = fake.store.seedImage('acme/etl', '1');
    fake.store.seedManifest(
      'acme/etl',
      digest.replace(':', '-'),
      OCI_INDEX,
      index,
    );
    fake.script(...rules(fake));
    const list = await client.listReferrers('acme/etl', digest, null);
    expect(list.way).toBe('tag');
    expect(list.referrers).toHaveLength(1);
    // What was learned is used: the API is not asked again.
    const before = fake.requests.length;
    await client.listReferrers('acme/etl', digest, list.way);
    expect(fake.requests.length - before).toBe(1);
  });

  it('are none where neither says anything, and an error where the registry fails', async () => {
    const { fake, client } = await start();
    const { digest } = fake.store.seedImage('acme/etl', '1');
    const list = await client.listReferrers('acme/etl', digest, null);
    expect(list).toEqual({ referrers: [], way: 'tag' });
    fake.script({
      when: 'GET /v2/*/referrers/*',
      reply: failure(429, 'TOOMANYREQUESTS', { 'retry-after': '90' }),
    });
    expect(await codeOf(client.listReferrers('acme/etl', digest, null))).toBe(
      'REGISTRY_RATE_LIMITED',
    );
  });
});

describe('deleting', () => {
  it('a digest removes every tag on it', async () => {
    const { fake, client } = await start({ mode: 'token' });
    const { digest } = fake.store.seedImage('acme/etl', '1');
    await client.deleteManifest('acme/etl', digest);
    expect(await codeOf(client.headManifest('acme/etl', '1'))).toBe(
      'REGISTRY_NOT_FOUND',
    );
  });

  it('says that distribution 2.8 deletes no single tag', async () => {
    const { fake, client } = await start();
    fake.store.seedImage('acme/etl', '1');
    fake.script(...distributionInventory(fake.store));
    const refusal = client.deleteManifest('acme/etl', '1');
    await expect(refusal).rejects.toMatchObject({
      code: 'REGISTRY_UNSUPPORTED',
      message: expect.stringContaining('single tags') as string,
    });
  });

  it.each([
    ['Docker Hub', dockerHubInventory()],
    ['GHCR', ghcrInventory()],
  ])('says that %s does not do it here', async (_, rules) => {
    const { fake, client } = await start();
    const { digest } = fake.store.seedImage('acme/etl', '1');
    fake.script(...rules);
    expect(await codeOf(client.deleteManifest('acme/etl', digest))).toBe(
      'REGISTRY_UNSUPPORTED',
    );
  });

  it('passes on that Google wants the tags gone first', async () => {
    const { fake, client } = await start();
    const { digest } = fake.store.seedImage('acme/etl', '1');
    fake.script(...garInventory(fake.origin, fake.store));
    await expect(
      client.deleteManifest('acme/etl', digest),
    ).rejects.toMatchObject({
      facts: { upstreamCode: 'GOOGLE_MANIFEST_DANGLING_TAG' },
    });
    await client.deleteManifest('acme/etl', '1');
    await client.deleteManifest('acme/etl', digest);
  });

  it('asks for the delete action only once it is demanded', async () => {
    const { fake, client } = await start({ mode: 'token' });
    const { digest } = fake.store.seedImage('acme/etl', '1');
    await client.getManifest('acme/etl', digest);
    fake.script(...acrInventory(fake.origin));
    await client.deleteManifest('acme/etl', digest);
    const scopes = fake.requests
      .filter(({ path }) => path === '/token')
      .map(({ query }) => query.getAll('scope').join(' '));
    expect(scopes[0]).not.toContain('delete');
    expect(scopes.at(-1)).toContain('delete');
  });

  it.each([
    ['by the standard', `sha256:${'0'.repeat(64)}`],
    ['in Harbor’s words', 'sha256:gone'],
  ])('what is gone already is done, %s', async (_, reference) => {
    const { fake, client } = await start();
    fake.store.seedImage('acme/etl', '1');
    fake.script(...harborInventory());
    await client.deleteManifest('acme/etl', reference);
  });
});
