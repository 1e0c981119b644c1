import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeActor, makeRegistry, makeSpec } from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import {
  type FakeRegistry,
  startFakeRegistry,
} from '@/lib/registry/testing/fake-registry';
import { lookUpTags } from '@/lib/services/tag-existence';

let actor: Actor;
let fake: FakeRegistry;

beforeEach(async () => {
  actor = await makeActor();
  fake = await startFakeRegistry({ tls: false });
});
afterEach(async () => {
  vi.useRealTimers();
  await fake.close();
});

async function makeSavedSpec(name = `etl-${randomUUID().slice(0, 8)}`) {
  const registry = await makeRegistry(actor, {
    host: fake.host,
    plainHttp: true,
    allowedRanges: [...fake.allowance.cidrs],
  });
  const { spec } = await makeSpec(actor, registry, { name });
  return { input: { specId: spec.id, number: 1 }, path: `acme/${name}` };
}

describe('lookUpTags', () => {
  it('tells the tags that are there from those that are not', async () => {
    const { input, path } = await makeSavedSpec();
    const [newest] = (await lookUpTags(actor, input)).tags.slice(-1);
    if (!newest) throw new Error('There is no tag.');
    expect(newest.state).toBe('missing');
    const { digest } = fake.store.seedImage(path, newest.tag);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    const { tags } = await lookUpTags(actor, input);
    expect(tags.at(-1)).toEqual({ tag: newest.tag, state: 'exists', digest });
    expect(tags.slice(0, -1).map(({ state }) => state)).toEqual(
      tags.slice(1).map(() => 'missing'),
    );
  });

  it('asks once for each tag, and not again for a minute', async () => {
    const { input } = await makeSavedSpec();
    const { tags } = await lookUpTags(actor, input);
    const asked = fake.requests.length;
    const paths = fake.requests
      .filter(({ method }) => method === 'HEAD')
      .map((request) => request.path.split('/').at(-1));
    expect(paths).toEqual(tags.map(({ tag }) => tag));
    await lookUpTags(actor, input);
    expect(fake.requests.length).toBe(asked);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    await lookUpTags(actor, input);
    expect(fake.requests.length).toBe(2 * asked);
  });

  it('says of a refusal that it does not know, with the reason, and asks again next time', async () => {
    const { input } = await makeSavedSpec();
    fake.script({
      when: ({ path }) => path.includes('/manifests/'),
      reply: { status: 403, body: '{}' },
      times: 2,
    });
    const { tags } = await lookUpTags(actor, input);
    expect(new Set(tags.map(({ state }) => state))).toEqual(
      new Set(['unknown']),
    );
    for (const found of tags) {
      expect(found).toHaveProperty('reason', expect.stringMatching(/\.$/));
    }
    const again = await lookUpTags(actor, input);
    expect(new Set(again.tags.map(({ state }) => state))).toEqual(
      new Set(['missing']),
    );
  });

  it('does not know when the registry is not there', async () => {
    const { input } = await makeSavedSpec();
    await fake.close();
    const { tags } = await lookUpTags(actor, input);
    expect(tags.length).toBeGreaterThan(5);
    expect(tags.every(({ state }) => state === 'unknown')).toBe(true);
  });

  it('is for the team only', async () => {
    const { input } = await makeSavedSpec();
    await expect(lookUpTags(await makeActor(), input)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(fake.requests).toEqual([]);
  });
});
