import { gunzipSync } from 'node:zlib';
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import {
  buildAttempts,
  builds,
  buildSteps,
  credentials,
  specRevisions,
  users,
} from '@/db/schema';
import { makeActor } from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import { cancelBuild } from '@/lib/services/build-cancel';
import { pruneHistory } from '@/lib/services/history-pruning';
import { exportRecord } from '@/lib/services/record-export';
import { importRecord } from '@/lib/services/record-import';
import { getRecord } from '@/lib/services/record-views';
import {
  type BuildPlace,
  makeBuildPlace,
  makeFailedBuild,
} from '@/lib/services/testing/failed-builds';
import { makePartsFixture, settle } from '@/lib/services/testing/part-runs';
import {
  exportBytes,
  filesOf,
  linesOf,
  recordOf,
} from '@/lib/services/testing/record-files';

let actor: Actor;
let place: BuildPlace;
beforeEach(async () => {
  actor = await makeActor();
  place = await makeBuildPlace(actor);
});

const bytesOf = (buildId: string) => exportBytes(actor, buildId);

it('holds the facts of a build, its definition and its whole log, in the order that is written down', async () => {
  const { buildId } = await makeFailedBuild(place, { lines: 120 });
  const { fileName } = await exportRecord(actor, buildId);
  expect(fileName).toBe('imageyard-build-1-linux-amd64.tar.gz');
  const files = await filesOf(await bytesOf(buildId));
  expect([...files.keys()]).toEqual(['record.json', 'log/1/000001.jsonl']);
  const { exported, build, definition, attempts } = recordOf(files);
  expect(exported).toMatchObject({ team: 'Research', by: 'Ada' });
  expect(build).toMatchObject({
    number: 1,
    state: 'failed',
    attempt: 1,
    failure: { code: 'BUILD_COMMAND_FAILED', step: 'bad' },
  });
  expect(definition).toMatchObject({ revision: 1, author: 'Ada' });
  expect(attempts).toMatchObject([
    {
      attempt: 1,
      lines: 120,
      dockerfile: 'FROM scratch\n',
      worker: place.worker.name,
      madeWith: { version: 1, worker: '0.1.0', engine: { kind: 'docker' } },
      steps: [
        { key: 'good', lines: 60, error: null },
        { key: 'bad', lines: 60, exitCode: 1 },
      ],
    },
  ]);
  const lines = linesOf(files);
  expect(lines.map(({ n }) => n)).toEqual(
    Array.from({ length: 120 }, (_, index) => index + 1),
  );
  expect(lines[2]).toEqual({
    n: 3,
    at: 3,
    step: 'good',
    stream: 'stderr',
    text: 'line 3 \0 xxx',
  });
});

it('writes a long log in parts, and what is missing in it before the next line', async () => {
  const clipped = {
    kind: 'clipped',
    at: 1,
    step: 'bad',
    by: 'limit',
    reason: 'Past the limit.',
  } as const;
  const after = {
    kind: 'line',
    at: 1,
    step: 'bad',
    stream: 'stdout',
    text: 'y'.repeat(60_000),
  } as const;
  const { buildId } = await makeFailedBuild(place, {
    more: [clipped, ...Array.from({ length: 40 }, () => after)],
  });
  const files = await filesOf(await bytesOf(buildId));
  expect([...files.keys()]).toEqual([
    'record.json',
    'log/1/000001.jsonl',
    'log/1/000002.jsonl',
    'log/1/000003.jsonl',
  ]);
  const lines = linesOf(files);
  expect(lines).toHaveLength(160);
  expect(lines.filter(({ gap }) => gap !== undefined)).toMatchObject([
    { n: 121, gap: 'Past the limit.' },
  ]);
});

it('ends when whoever wanted it goes away', async () => {
  const { buildId } = await makeFailedBuild(place, { lines: 30_000 });
  const { body } = await exportRecord(actor, buildId);
  const reader = body.getReader();
  expect((await reader.read()).done).toBe(false);
  await reader.cancel();
  expect((await reader.read()).done).toBe(true);
});

it('of a removed log it holds what stayed, and that it was removed', async () => {
  const { buildId } = await makeFailedBuild(place, { daysAgo: 91 });
  await pruneHistory(actor.teamId);
  const files = await filesOf(await bytesOf(buildId));
  expect([...files.keys()]).toEqual(['record.json']);
  const [attempt] = recordOf(files).attempts;
  expect(attempt).toMatchObject({
    lines: 120,
    removal: { by: 'age', days: 90 },
  });
  expect(attempt?.lastLines).toHaveLength(20);
  expect(attempt?.steps.map(({ lines }) => lines)).toEqual([60, 60]);
});

describe('what is not exported', () => {
  it('is a build that moves, one of another team, and one whose log is too long', async () => {
    const moving = await makeFailedBuild(place, { state: 'building' });
    await expect(exportRecord(actor, moving.buildId)).rejects.toMatchObject({
      code: 'BUILD_NOT_MOVABLE',
    });
    const { buildId } = await makeFailedBuild(place);
    await expect(
      exportRecord(await makeActor(), buildId),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const ofBuild = eq(buildAttempts.buildId, buildId);
    await db()
      .update(buildAttempts)
      .set({ lineCount: 2_000_001 })
      .where(ofBuild);
    await expect(exportRecord(actor, buildId)).rejects.toMatchObject({
      code: 'RECORD_TOO_LARGE',
    });
    await db().update(buildAttempts).set({ lineCount: 120 }).where(ofBuild);
    await db()
      .update(buildSteps)
      .set({ logBytes: 300 * 1024 * 1024 })
      .where(eq(buildSteps.buildId, buildId));
    await expect(exportRecord(actor, buildId)).rejects.toMatchObject({
      code: 'RECORD_TOO_LARGE',
    });
  });

  it('is any secret: of the registry, of a worker, of a person, in an address or an environment', async () => {
    const canary = (what: string) => `canary-${what}-8e1f`;
    await db()
      .update(users)
      .set({ email: `${canary('email')}@example.com` })
      .where(eq(users.id, actor.userId));
    const index = `https://ada:${canary('index')}@pypi.example.com/simple`;
    const { buildId, specId } = await makeFailedBuild(place, {
      more: [
        {
          kind: 'line',
          at: 1,
          step: 'bad',
          stream: 'stdout',
          text: `${canary('env')} and ${index}`,
        },
      ],
    });
    // Only now: a worker's job could not be made with it.
    await db()
      .insert(credentials)
      .values({
        teamId: actor.teamId,
        registryId: place.registry.id,
        purpose: 'push',
        method: 'password',
        username: canary('username'),
        sealedSecret: canary('sealed'),
        keyId: 'key',
      });
    const { id, name } = await revisionOf(specId);
    await db().execute(`alter table spec_revisions disable trigger user`);
    await db()
      .update(specRevisions)
      .set({
        fields: {
          version: 1,
          name,
          env: [
            ['API_TOKEN', canary('env')],
            ['MODE', 'fast'],
          ],
          pip_extra_index_url: [index],
          pip_secret_mounts: [['.netrc', '/root/.netrc']],
        },
        secretNames: { '.netrc': 'team-netrc' },
      })
      .where(eq(specRevisions.id, id));
    await db().execute(`alter table spec_revisions enable trigger user`);
    await db()
      .update(buildAttempts)
      .set({ dockerfile: `ENV API_TOKEN=${canary('env')}\nRUN pip ${index}` })
      .where(eq(buildAttempts.buildId, buildId));
    await db()
      .update(builds)
      .set({ failureMessage: `It was ${canary('env')}.` })
      .where(eq(builds.id, buildId));
    const text = gunzipSync(await bytesOf(buildId)).toString('utf8');
    expect(text).not.toContain('canary');
    expect(text).not.toContain(place.worker.workerId);
    expect(text).toContain('***');
    const { definition } = recordOf(await filesOf(await bytesOf(buildId)));
    expect(definition.fields.env).toEqual([
      ['API_TOKEN', '***'],
      ['MODE', 'fast'],
    ]);
    expect(definition.secretNames).toEqual({ '.netrc': 'team-netrc' });
  });
});

async function revisionOf(specId: string) {
  const [row] = await db()
    .select({ id: specRevisions.id, imageName: specRevisions.imageName })
    .from(specRevisions)
    .where(eq(specRevisions.specId, specId));
  if (!row) throw new Error('no revision');
  return { id: row.id, name: row.imageName.split('/').at(-1) ?? '' };
}

it('of a build for several platforms it says what came of each, and each has a record of its own', async () => {
  const fixture = await makePartsFixture();
  const { id, number } = await fixture.start();
  const run = await fixture.take('linux/amd64');
  const digest = await fixture.push(run, 'linux/amd64');
  await settle();
  await cancelBuild(fixture.actor, { buildId: id });
  await settle();
  const { fileName } = await exportRecord(fixture.actor, id);
  expect(fileName).toBe(
    `imageyard-build-${number}-linux-amd64-linux-arm64.tar.gz`,
  );
  const bytes = await exportBytes(fixture.actor, id);
  const { parts, attempts } = recordOf(await filesOf(bytes));
  expect(attempts).toEqual([]);
  expect(parts).toMatchObject([
    { platform: 'linux/amd64', state: 'published', digest },
    { platform: 'linux/arm64', state: 'cancelled', digest: null },
  ]);
  const imported = await importRecord(actor, bytes);
  expect((await getRecord(actor, imported.id)).parts).toEqual(parts);

  const [part] = await fixture.partsOf(id);
  const own = await exportRecord(fixture.actor, part?.id ?? '');
  expect(own.fileName).toBe(`imageyard-build-${number}-linux-amd64.tar.gz`);
  await own.body.cancel();
  await fixture.fake.close();
});
