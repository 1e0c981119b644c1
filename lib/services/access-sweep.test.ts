import { and, eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import {
  accessChecks,
  accessCurrent,
  accessWatches,
  jobs,
  registryLimits,
} from '@/db/schema';
import { makeActor, makeRegistry } from '@/db/testing/rows';
import { runJob } from '@/lib/jobs/loop';
import type { Actor } from '@/lib/auth';
import {
  type FakeOptions,
  type FakeRegistry,
  type FakeRule,
  startFakeRegistry,
} from '@/lib/registry/testing/fake-registry';
import type { SeededImage } from '@/lib/registry/testing/fake-store';
import { ensureTeamJobs } from '@/lib/services/access-jobs';
import { lookAtAccess } from '@/lib/services/access-look';
import { sweepAccess } from '@/lib/services/access-sweep';
import { checkAccess, getAccess, getAccessMatrix } from '@/lib/services/access';
import {
  getAccessCheck,
  listAccessChanges,
} from '@/lib/services/access-history';
import {
  countUnread,
  dismissAlert,
  listAlerts,
  markAlertRead,
  markAlertsRead,
} from '@/lib/services/alerts';
import { replaceCredential } from '@/lib/services/credentials';
import { listLimits } from '@/lib/services/registry-limits';
import { ensureRepository } from '@/lib/services/repositories';
import { updateDefaults } from '@/lib/services/settings';
import { importPython } from '@/lib/services/tasks';

const USERS = {
  pusher: 'canary-push-1',
  puller: 'canary-pull-2',
  pod: 'canary-pod-3',
};
const SCHEDULED = { isUrgent: false, depth: 'sampled' } as const;

let actor: Actor;
let fake: FakeRegistry;
let open = true;
let image: SeededImage;

beforeEach(async () => {
  open = true;
  actor = await makeActor();
});
afterEach(() => fake.close());

async function begin(options: FakeOptions = {}, purposes: string[] = []) {
  fake = await startFakeRegistry({
    tls: false,
    mode: 'token',
    users: { ...USERS },
    isPublic: () => open,
    ...options,
  });
  image = fake.store.seedImage('acme/etl', 'v1', {
    layers: ['1', '2', '3', '4', '5'],
  });
  const registry = await makeRegistry(actor, {
    host: fake.host,
    namespace: 'acme',
    plainHttp: true,
    allowedRanges: ['127.0.0.1/32'],
  });
  for (const [purpose, username] of [
    ['push', 'pusher'],
    ['pull', 'puller'],
    ['cluster', 'pod'],
  ] as const) {
    if (!purposes.includes(purpose)) continue;
    const password = USERS[username];
    await db().transaction((tx) =>
      replaceCredential(
        tx,
        registry,
        purpose,
        { method: 'password', username, password, lastDay: null },
        actor.userId,
      ),
    );
  }
  return ensureRepository(db(), actor.teamId, `${fake.host}/acme/etl`);
}

const useIt = (reference: string) =>
  importPython(actor, {
    source: `from flytekit import task\n@task(container_image="${fake.host}/acme/etl${reference}")\ndef fit(): ...\n`,
    fileName: 'flow.py',
    requirements: {},
    specs: [],
    project: 'flow',
  });

/** A sweep with everything due. */
async function sweep() {
  await sweepAccess(actor.teamId, () => 0.5);
  await db()
    .update(accessWatches)
    .set({ dueAt: new Date(0) })
    .where(eq(accessWatches.teamId, actor.teamId));
  return sweepAccess(actor.teamId, () => 0.5);
}

const alertsOn = async (reference: string) =>
  (await listAlerts(actor)).items.filter(
    ({ detail }) => 'reference' in detail && detail.reference === reference,
  );

const gets = () =>
  fake.requests.filter(
    ({ method, path }) => method === 'GET' && path.includes('/manifests/'),
  );
const limited: FakeRule = {
  when: 'HEAD /v2/*',
  reply: { status: 429, headers: { 'retry-after': '3600' } },
};

describe('identities side by side', () => {
  it('each have their own answer, and a refused cluster secret breaks a public image', async () => {
    const repository = await begin({}, ['push', 'pull', 'cluster']);
    fake.script({
      when: ({ path, headers }) =>
        path === '/token' &&
        (headers.authorization ?? '') === `Basic ${btoa(`pod:${USERS.pod}`)}`,
      reply: {
        status: 403,
        body: '{"errors":[{"code":"DENIED","message":"denied"}]}',
      },
    });
    await updateDefaults(actor, {
      flytekitVersion: null,
      image: null,
      clusterPlatforms: ['linux/amd64', 'linux/arm64'],
    });
    const key = { repositoryId: repository.id, digest: image.digest };
    for (const platform of ['linux/amd64', 'linux/arm64'])
      await checkAccess(actor, {
        repositoryId: repository.id,
        reference: `@${image.digest}`,
        platform,
      });
    const matrix = await getAccessMatrix(actor, key);
    expect(matrix.identities).toEqual([
      'anonymous',
      'stored_pull',
      'stored_push',
      'cluster',
    ]);
    expect(matrix.isBrokenBySecret).toBe(true);
    const words = matrix.cells
      .map(
        ({ identity, platform, verdict }) =>
          `${identity} ${platform} ${verdict}`,
      )
      .sort();
    expect(words).toEqual([
      'anonymous linux/amd64 insecure_http',
      'anonymous linux/arm64 insecure_http',
      'cluster linux/amd64 no_access',
      'cluster linux/arm64 no_access',
      'stored_pull linux/amd64 insecure_http',
      'stored_pull linux/arm64 wrong_platform',
      'stored_push linux/amd64 insecure_http',
      'stored_push linux/arm64 wrong_platform',
    ]);
    const anonymous = await getAccess(actor, {
      ...key,
      platform: 'linux/amd64',
    });
    expect(
      anonymous?.evidence.exchanges.every(
        ({ identity }) => identity === 'anonymous',
      ),
    ).toBe(true);
    const cluster = await getAccess(actor, {
      ...key,
      platform: 'linux/amd64',
      identity: 'cluster',
    });
    expect(
      cluster?.evidence.exchanges.every(
        ({ identity }) => identity === 'credential',
      ),
    ).toBe(true);
    expect(JSON.stringify([anonymous, cluster, matrix])).not.toMatch(
      /canary|Bearer [0-9a-f-]{36}/,
    );
    await expect(getAccessMatrix(await makeActor(), key)).rejects.toMatchObject(
      { code: 'NOT_FOUND' },
    );
  });

  it('never let a credential make anything public', async () => {
    open = false;
    const repository = await begin({}, ['push']);
    const question = {
      repositoryId: repository.id,
      reference: ':v1',
      platform: 'linux/amd64',
    };
    expect(await checkAccess(actor, question)).toMatchObject({
      verdict: 'private',
    });
    const rows = await db()
      .select()
      .from(accessCurrent)
      .where(eq(accessCurrent.repositoryId, repository.id));
    expect(
      rows.map(({ identity, verdict }) => [identity, verdict]).sort(),
    ).toEqual([
      ['anonymous', 'private'],
      ['stored_push', 'insecure_http'],
    ]);
  });
});

describe('a steady look', () => {
  it('asks for no manifest by GET, and for a sample of the layers', async () => {
    const repository = await begin();
    await lookAtAccess(
      repository,
      { reference: ':v1', platform: 'linux/amd64' },
      SCHEDULED,
    );
    expect(gets()).not.toEqual([]);
    fake.requests.length = 0;
    const [evidence] = await lookAtAccess(
      repository,
      { reference: ':v1', platform: 'linux/amd64' },
      SCHEDULED,
    );
    expect(gets()).toEqual([]);
    const asked = fake.requests.map(({ method, path }) => `${method} ${path}`);
    // Asked who we are, given a token, then: the tag, the digest, the config and three of five layers.
    expect(asked.slice(0, 2)).toEqual([
      'HEAD /v2/acme/etl/manifests/v1',
      'GET /token',
    ]);
    expect(asked.slice(2).every((line) => line.startsWith('HEAD '))).toBe(true);
    expect(asked.slice(2)).toHaveLength(6);
    expect(evidence).toMatchObject({
      checked: 'sampled',
      image: { digest: image.digest, isMatch: true },
    });
  });

  it('sees a blob that is gone, though its manifest is known', async () => {
    const repository = await begin();
    const question = {
      repositoryId: repository.id,
      reference: ':v1',
      platform: 'linux/amd64',
    };
    await checkAccess(actor, question);
    fake.store.removeBlob('acme/etl', image.layers[4] ?? '');
    expect(await checkAccess(actor, question)).toMatchObject({
      verdict: 'partially_public',
    });
    fake.store.removeManifest('acme/etl', image.digest);
    expect(await checkAccess(actor, question)).toMatchObject({
      verdict: 'missing_tag',
    });
  });
});

describe('the sweep', () => {
  it('looks at what tasks name, floating and pinned, and raises an alert when the answer gets worse', async () => {
    const repository = await begin();
    await useIt(':v1');
    await sweep();
    const watched = await db()
      .select()
      .from(accessWatches)
      .where(eq(accessWatches.teamId, actor.teamId));
    expect(
      watched.map((row) => `${row.reference} ${row.platform} ${row.reason}`),
    ).toEqual(expect.arrayContaining([':v1  task', ':v1 linux/amd64 task']));
    expect((await listAlerts(actor)).items).toEqual([]);
    open = false;
    await sweep();
    expect(await alertsOn(':v1')).toMatchObject([
      {
        isRead: false,
        detail: {
          kind: 'access_changed',
          reference: ':v1',
          from: 'insecure_http',
          to: 'private_or_missing',
        },
      },
    ]);
    const all = await listAccessChanges(actor, {
      repositoryId: repository.id,
      digest: image.digest,
    });
    const changes = all.filter(({ reference }) => reference === ':v1');
    expect(changes.map(({ from, to }) => [from, to])).toEqual([
      ['insecure_http', 'private_or_missing'],
      [null, 'insecure_http'],
    ]);
    const seen = await getAccessCheck(actor, changes[0]?.id ?? '');
    expect(seen.evidence.manifest?.status).toBe(401);
    await expect(
      getAccessCheck(await makeActor(), changes[0]?.id ?? ''),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await sweep();
    expect(await alertsOn(':v1')).toHaveLength(1);
  });

  it('says when a tag in use moves', async () => {
    const repository = await begin();
    await useIt(`@${image.digest}`);
    await sweep();
    await lookAtAccess(
      repository,
      { reference: ':v1', platform: 'linux/amd64' },
      SCHEDULED,
    );
    await useIt(':v1');
    await sweep();
    fake.store.seedImage('acme/etl', 'v1', { layers: ['other'] });
    await sweep();
    expect(
      (await listAlerts(actor)).items.map(({ detail }) => detail),
    ).toMatchObject([{ kind: 'tag_moved', tag: 'v1', from: image.digest }]);
  });

  it('keeps the last answer when the host wants to be left alone, and does leave it alone, after a restart too', async () => {
    const repository = await begin();
    await useIt(':v1');
    await sweep();
    fake.script(limited);
    await sweep();
    const [row] = await db()
      .select()
      .from(accessCurrent)
      .where(
        and(
          eq(accessCurrent.repositoryId, repository.id),
          eq(accessCurrent.reference, ':v1'),
        ),
      );
    expect(row).toMatchObject({ verdict: 'insecure_http' });
    expect(row?.limitedAt).not.toBeNull();
    const [limit] = await db()
      .select()
      .from(registryLimits)
      .where(eq(registryLimits.host, fake.host));
    expect(limit?.pausedUntil?.getTime()).toBeGreaterThan(
      Date.now() + 3_000_000,
    );
    const [watch] = await db()
      .select()
      .from(accessWatches)
      .where(eq(accessWatches.teamId, actor.teamId));
    expect(watch?.dueAt.getTime()).toBeGreaterThan(Date.now() + 3_000_000);
    fake.requests.length = 0;
    await sweep();
    await checkAccess(actor, {
      repositoryId: repository.id,
      reference: ':v1',
      platform: 'linux/amd64',
    });
    expect(fake.requests).toEqual([]);
    const lines = await db()
      .select()
      .from(accessChecks)
      .where(eq(accessChecks.repositoryId, repository.id));
    expect(
      lines.filter(
        ({ reference, verdict }) =>
          reference === ':v1' && verdict === 'rate_limited',
      ),
    ).toHaveLength(1);
  });

  it('never has more than three requests at a host', async () => {
    const repository = await begin();
    let now = 0;
    let most = 0;
    const names = Array.from({ length: 12 }, (_, index) => `t${index}`);
    for (const name of names)
      fake.store.seedImage('acme/etl', name, { layers: [name, `${name}-2`] });
    fake.holdRequests(async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now -= 1;
    });
    await Promise.all(
      names.map((name) =>
        lookAtAccess(
          repository,
          { reference: `:${name}`, platform: 'linux/amd64' },
          SCHEDULED,
        ),
      ),
    );
    expect(most).toBe(3);
  });

  it('goes on after a restart: its job stays until the next time', async () => {
    await begin();
    await useIt(':v1');
    await ensureTeamJobs();
    const ofTeam = and(
      eq(jobs.kind, 'sweep_access'),
      eq(jobs.key, actor.teamId),
    );
    const [job] = await db().select().from(jobs).where(ofTeam);
    if (!job) throw new Error('no sweep');
    await runJob({ ...job, attempts: 99 });
    const after = await db().select().from(jobs).where(ofTeam);
    expect(after).toMatchObject([
      { id: job.id, finishedAt: null, leaseUntil: null },
    ]);
    expect(after[0]?.runAfter.getTime()).toBeGreaterThan(Date.now());
  });

  it('forgets what is in use no more', async () => {
    await begin();
    await useIt(':v1');
    await sweep();
    await useIt(`@${image.digest}`);
    await sweep();
    const watched = await db()
      .select()
      .from(accessWatches)
      .where(eq(accessWatches.teamId, actor.teamId));
    expect(watched.map(({ reference }) => reference)).toEqual([
      `@${image.digest}`,
    ]);
  });
});

describe('pull limits', () => {
  it('are kept as the registry says them, per identity, and shown to the team alone', async () => {
    const repository = await begin();
    fake.script({
      when: 'HEAD /v2/acme/etl/manifests/*',
      reply: (request) => ({
        ...fake.store.answer(request),
        headers: {
          ...fake.store.answer(request).headers,
          'ratelimit-limit': '100;w=21600',
          'ratelimit-remaining': '9;w=21600',
          'docker-ratelimit-source': '192.0.2.7',
        },
      }),
    });
    await lookAtAccess(
      repository,
      { reference: ':v1', platform: 'linux/amd64' },
      { isUrgent: true, depth: 'all' },
    );
    expect(await listLimits(actor, fake.host)).toMatchObject([
      {
        identity: 'anonymous',
        limit: 100,
        remaining: 9,
        windowSeconds: 21_600,
        source: '192.0.2.7',
      },
    ]);
    expect(await listLimits(await makeActor(), fake.host)).toEqual([]);
    fake.requests.length = 0;
    // Less than a tenth is left: that is for people.
    await lookAtAccess(
      repository,
      { reference: ':v1', platform: 'linux/amd64' },
      SCHEDULED,
    );
    expect(fake.requests).toEqual([]);
    await checkAccess(actor, {
      repositoryId: repository.id,
      reference: ':v1',
      platform: 'linux/amd64',
    });
    expect(fake.requests).not.toEqual([]);
  });
});

describe('alerts', () => {
  it('are read by each person apart, settled for all, and another team has none of them', async () => {
    await begin();
    await useIt(`@${image.digest}`);
    await sweep();
    open = false;
    await sweep();
    const friend = await makeActor({ teamId: actor.teamId, role: 'member' });
    const [alert] = (await listAlerts(actor)).items;
    const alertId = alert?.id ?? '';
    const stranger = await makeActor();
    expect((await listAlerts(stranger)).items).toEqual([]);
    await expect(markAlertRead(stranger, { alertId })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(dismissAlert(stranger, { alertId })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await markAlertRead(actor, { alertId });
    expect([await countUnread(actor), await countUnread(friend)]).toEqual([
      { unread: 0 },
      { unread: 1 },
    ]);
    await markAlertsRead(friend);
    expect(await countUnread(friend)).toEqual({ unread: 0 });
    await dismissAlert(friend, { alertId });
    expect((await listAlerts(actor)).items).toEqual([]);
    expect((await listAlerts(actor, { isResolved: true })).items).toHaveLength(
      1,
    );
    expect(
      (await listAlerts(actor, { isResolved: true, kind: 'tag_moved' })).items,
    ).toEqual([]);
  });

  it('are news again when the facts change, and over when all is well', async () => {
    await begin();
    await useIt(`@${image.digest}`);
    await sweep();
    open = false;
    await sweep();
    await markAlertsRead(actor);
    open = true;
    fake.store.removeManifest('acme/etl', image.digest);
    await sweep();
    const { items } = await listAlerts(actor);
    expect(
      items.filter(({ detail }) => detail.kind === 'access_changed'),
    ).toMatchObject([
      {
        isRead: false,
        detail: { from: 'insecure_http', to: 'missing_tag' },
      },
    ]);
  });

  it('are over when the answer is what it was before, though that was not the best', async () => {
    await begin();
    await useIt(':v1');
    await sweep();
    open = false;
    await sweep();
    expect(await alertsOn(':v1')).toHaveLength(1);
    open = true;
    await sweep();
    expect(await alertsOn(':v1')).toEqual([]);
  });
});
