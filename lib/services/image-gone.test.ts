import { and, eq, isNull } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import { accessWatches, jobs, manifests } from '@/db/schema';
import { runJob } from '@/lib/jobs/loop';
import type { FakeReply } from '@/lib/registry/testing/fake-registry';
import type { SeededImage } from '@/lib/registry/testing/fake-store';
import { sweepAccess } from '@/lib/services/access-sweep';
import { listAlerts } from '@/lib/services/alerts';
import { storeInventory, readInventory } from '@/lib/services/manifests';
import { withRegistry } from '@/lib/services/registry-clients';
import type { RepositoryRow } from '@/lib/services/repositories';
import { requestSync } from '@/lib/services/sync-state';
import { importPython } from '@/lib/services/tasks';
import {
  makeRegistryFixture,
  type RegistryFixture,
} from '@/lib/services/testing/registry-fixture';

const PATH = 'acme/etl';

let fixture: RegistryFixture;
let repository: RepositoryRow;
/** What a task is pinned to. */
let used: SeededImage;

beforeEach(async () => {
  fixture = await makeRegistryFixture();
  used = seed('used');
  repository = await fixture.repository(PATH);
  await importPython(fixture.actor, {
    source: `from flytekit import task\n@task(container_image="${fixture.fake.host}/${PATH}@${used.digest}")\ndef fit(): ...\n`,
    fileName: 'flow.py',
    requirements: {},
    specs: [],
    project: 'flow',
  });
  await sweep();
});
afterEach(() => fixture.fake.close());

const seed = (tag: string | null) =>
  fixture.fake.store.seedImage(PATH, tag, { layers: ['used'] });

function vanish(digest: string, tag: string) {
  const { store } = fixture.fake;
  store.repositories.get(PATH)?.tags.delete(tag);
  store.removeManifest(PATH, digest);
}

/** Looks at everything that is in use. */
async function sweep() {
  const { teamId } = fixture.actor;
  const look = () => sweepAccess(teamId, () => 0.5);
  await look();
  await db()
    .update(accessWatches)
    .set({ dueAt: new Date(0) })
    .where(eq(accessWatches.teamId, teamId));
  await look();
}

/** Reads the whole repository. */
async function sync() {
  await requestSync(fixture.actor, { repositoryId: repository.id });
  const [job] = await db()
    .select()
    .from(jobs)
    .where(and(eq(jobs.key, repository.id), isNull(jobs.finishedAt)));
  if (!job) throw new Error('No sync waits.');
  await runJob(job);
}

const LOOKS = [
  ['the sweep', sweep],
  ['a sync', sync],
] as const;

async function standing() {
  const { items } = await listAlerts(fixture.actor, {
    kind: 'image_gone',
    isResolved: false,
  });
  return items.map(({ detail }) => detail);
}

async function isGone(digest: string): Promise<boolean | undefined> {
  const [row] = await db()
    .select({ goneAt: manifests.goneAt })
    .from(manifests)
    .where(
      and(
        eq(manifests.repositoryId, repository.id),
        eq(manifests.digest, digest),
      ),
    );
  return row && row.goneAt !== null;
}

describe('the alert on a vanished image', () => {
  it.each(LOOKS)(
    'is raised once when %s finds a digest in use gone',
    async (_name, look) => {
      await sync();
      expect(await standing()).toEqual([]);
      vanish(used.digest, 'used');
      await look();
      await look();
      expect(await standing()).toEqual([
        {
          kind: 'image_gone',
          version: 1,
          repositoryId: repository.id,
          repository: `${fixture.fake.host}/${PATH}`,
          digest: used.digest,
        },
      ]);
      expect(await isGone(used.digest)).toBe(true);
    },
  );

  it('is not raised for a digest that nothing runs on', async () => {
    const { digest } = fixture.fake.store.seedImage(PATH, 'spare', {
      layers: ['spare'],
    });
    await sync();
    vanish(digest, 'spare');
    await sync();
    expect(await isGone(digest)).toBe(true);
    expect(await standing()).toEqual([]);
  });

  describe.each<[string, FakeReply]>([
    [
      'wants to be left alone',
      { status: 429, headers: { 'retry-after': '3600' } },
    ],
    ['answers with a server error', { status: 503 }],
    ['cuts the connection', { status: 200, fault: 'reset' }],
    ['asks for a login', { status: 401 }],
  ])('while the registry %s', (_state, reply) => {
    it.each(LOOKS)('is not raised by %s', async (_name, look) => {
      await sync();
      vanish(used.digest, 'used');
      fixture.fake.script({ when: '* /v2/*', reply });
      await look();
      expect(await isGone(used.digest)).toBe(false);
      expect(await standing()).toEqual([]);
    });
  });

  it.each([
    ['the sweep sees it again', null, sweep],
    ['a sync sees it under a tag', 'again', sync],
    ['a build gives the same image again', null, build],
  ] as const)('ends when %s', async (_how, tag, look) => {
    await sync();
    vanish(used.digest, 'used');
    await sync();
    expect(await standing()).toHaveLength(1);
    expect(seed(tag).digest).toBe(used.digest);
    await look();
    expect(await isGone(used.digest)).toBe(false);
    expect(await standing()).toEqual([]);
    vanish(used.digest, 'again');
    await sync();
    expect(await standing()).toHaveLength(1);
  });
});

/** What `verify_build` does with the digest that was pushed. */
async function build() {
  const { teamId, host } = repository;
  const inventory = await withRegistry(
    { teamId, host, path: PATH },
    'stored_push',
    (client) => readInventory(client, PATH, used.digest),
  );
  await db().transaction((tx) => storeInventory(tx, repository, inventory));
}
