import { afterEach, describe, expect, it } from 'vitest';
import { judgeAccess } from '@/lib/registry/access';
import { openRegistry, type RegistryClient } from '@/lib/registry/client';
import { gatherAccess } from '@/lib/registry/client/gather-access';
import { RegistryError } from '@/lib/registry/errors';
import {
  type FakeOptions,
  type FakeRegistry,
  type FakeRule,
  startFakeRegistry,
  TEST_CA,
} from '@/lib/registry/testing/fake-registry';
import type { SeededImage } from '@/lib/registry/testing/fake-store';
import { acr } from './acr';
import {
  type ClientCase,
  LOGIN,
  REPOSITORY,
  type ScriptedRegistry,
} from './behaviour';
import { distribution } from './distribution';
import { dockerHub } from './docker-hub';
import { ecr } from './ecr';
import { ecrPublic } from './ecr-public';
import { gar } from './gar';
import { ghcr } from './ghcr';
import { gitlab } from './gitlab';
import { harbor } from './harbor';
import { fileHost, forgejo, nexus, nginx, oldGcr, redHat } from './others';
import { quay } from './quay';

const REGISTRIES: ScriptedRegistry[] = [
  acr,
  distribution,
  dockerHub,
  ecr,
  ecrPublic,
  fileHost,
  forgejo,
  gar,
  ghcr,
  gitlab,
  harbor,
  nexus,
  nginx,
  oldGcr,
  quay,
  redHat,
];

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function stage(
  options: FakeOptions = {},
  script: FakeRule[] = [],
): Promise<{ fake: FakeRegistry; image: SeededImage }> {
  const fake = await startFakeRegistry({
    users: { [LOGIN.username]: LOGIN.password },
    ...options,
    script,
  });
  open.push(fake);
  return { fake, image: fake.store.seedImage(REPOSITORY, '1') };
}

const common = (fake: FakeRegistry) => ({
  policy: fake.policy,
  ca: TEST_CA,
  sleep: () => Promise.resolve(),
});

function connect(fake: FakeRegistry, isAnonymous: boolean): RegistryClient {
  const client = openRegistry({
    ...common(fake),
    registry: fake.host,
    ...(isAnonymous ? {} : { credential: LOGIN }),
  });
  open.push(client);
  return client;
}

function call(
  client: RegistryClient,
  verb: ClientCase['verb'],
  image: SeededImage,
): Promise<unknown> {
  switch (verb) {
    case 'headManifest':
    case 'getManifest':
      return client[verb](REPOSITORY, '1');
    case 'deleteManifest':
      return client.deleteManifest(REPOSITORY, image.digest);
    case 'headBlob':
      return client.headBlob(REPOSITORY, image.config);
    case 'listTags':
      return client.listTags(REPOSITORY);
    case 'checkPush':
      return client.checkPush(REPOSITORY, true);
  }
}

describe.each(REGISTRIES)('$name', ({ verdicts, client = [] }) => {
  it.each(verdicts)('$what', async (one) => {
    const { fake } = await stage(one.options, one.script);
    const evidence = await gatherAccess({
      ...common(fake),
      reference: `${fake.host}/${one.reference ?? `${REPOSITORY}:1`}`,
      platform: 'linux/amd64',
      vantage: 'server',
      ...(one.withCredential ? { credential: LOGIN } : {}),
    });
    expect(judgeAccess(evidence).state).toBe(one.verdict);
    expect(JSON.stringify(evidence)).not.toContain(LOGIN.password);
  });

  it.each(client)('$what', async (one) => {
    const { fake, image } = await stage(one.options, one.script);
    const answer = await call(
      connect(fake, one.isAnonymous === true),
      one.verb,
      image,
    ).catch((error: unknown) => error);
    if (one.code === null) expect(answer).not.toBeInstanceOf(Error);
    else {
      expect(answer).toBeInstanceOf(RegistryError);
      expect(answer).toMatchObject({ code: one.code });
    }
    if (one.tags) expect(answer).toMatchObject({ tags: one.tags });
    if (one.outcome) expect(answer).toMatchObject({ outcome: one.outcome });
    if (one.asked)
      expect(
        fake.requests.map(({ method, path }) => `${method} ${path}`),
      ).toEqual(one.asked);
  });
});
