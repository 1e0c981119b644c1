import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '@/lib/build/protocol';
import {
  type FakeRegistry,
  startFakeRegistry,
  TEST_CA,
} from '@/lib/registry/testing/fake-registry';
import type { SeededImage } from '@/lib/registry/testing/fake-store';
import { readBack } from '@/worker/read-back';
import { testJob } from '@/worker/testing/test-job';

let fake: FakeRegistry;
let image: SeededImage;

beforeEach(async () => {
  fake = await startFakeRegistry();
  image = fake.store.seedImage('acme/etl', 'v1', { layers: ['1'] });
});
afterEach(() => fake.close());

const read = (target: Partial<Job['target']>) =>
  readBack(
    testJob([], {
      target: {
        host: fake.host,
        repository: 'acme/etl',
        tag: 'v1',
        plainHttp: false,
        ...target,
      },
    }),
    { digest: image.digest, imageId: image.digest },
    new AbortController().signal,
  );

describe('a registry with a certificate of its own', () => {
  it('is read back with the certificates the server names for it', async () => {
    expect(await read({ caCertificates: TEST_CA })).toBe('confirmed');
  });

  it('tells nothing without them', async () => {
    expect(await read({})).toBe('unknown');
    expect(fake.requests).toEqual([]);
  });
});
