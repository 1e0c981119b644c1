import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { db } from '@/db';
import { makeActor, makeRegistry } from '@/db/testing/rows';
import type { ImageFilter } from '@/lib/registry/image-filter';
import { listImages } from '@/lib/services/image-list';
import { syncRepository } from '@/lib/services/repository-sync';
import { fillImages } from '@/lib/services/testing/many-images';
import { makeRegistryFixture } from '@/lib/services/testing/registry-fixture';

const DIGESTS = 100_000;
const ROUNDS = 20;
const IMAGES = 200;

const FILTERS: Record<string, ImageFilter> = {
  everything: {},
  'a part of a name': { q: 'etl-7' },
  'a digest': { q: 'sha256:00ab1' },
  'a tag': { tag: 't1234' },
  'a platform': { platform: 'linux/arm64' },
  'a label': { label: 'org.example.n=77' },
  'a verdict': { verdict: 'private' },
  'use by tasks': { used: '1' },
  'built here (none)': { built: '1' },
  'gone ones': { gone: 'only' },
  size: { min: '100', max: '200' },
};

it(`searches ${DIGESTS.toLocaleString('en')} digests`, async () => {
  const actor = await makeActor();
  const registry = await makeRegistry(actor);
  await fillImages(actor.teamId, registry.id, DIGESTS);
  await db().execute(sql`vacuum analyze`);
  const rows: Record<
    string,
    { medianMs: number; maxMs: number; count: number }
  > = {};
  for (const [name, filter] of Object.entries(FILTERS)) {
    const times: number[] = [];
    let count = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const begun = performance.now();
      ({ count } = await listImages(actor, filter));
      times.push(performance.now() - begun);
    }
    times.sort((a, b) => a - b);
    rows[name] = {
      medianMs: Math.round(times[ROUNDS / 2] ?? 0),
      maxMs: Math.round(times.at(-1) ?? 0),
      count,
    };
  }
  console.table(rows);
});

it('counts the requests of a sync', async () => {
  const fixture = await makeRegistryFixture();
  const { fake } = fixture;
  for (let n = 0; n < IMAGES; n += 1)
    fake.store.seedImage('acme/etl', `t${n}`, { layers: [`layer ${n}`] });
  const repository = await fixture.repository('acme/etl');
  const counts: number[] = [];
  for (let round = 0; round < 2; round += 1) {
    const before = fake.requests.length;
    await syncRepository(repository, {
      signal: new AbortController().signal,
      startedAt: new Date(),
      tell: () => Promise.resolve(),
    });
    counts.push((fake.requests.length - before) / IMAGES);
  }
  await fake.close();
  console.table({
    'requests an image, first sync': counts[0],
    'requests an image, again': counts[1],
  });
  expect(counts[1]).toBeLessThan(2.1);
});
