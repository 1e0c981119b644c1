import { eq, sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import { auditEvents, buildAttempts, enrolments, workers } from '@/db/schema';
import {
  makeActor,
  makeRegistry,
  makeSpec,
  makeWorker,
} from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import { PROTOCOL, PROTOCOL_HEADER } from '@/lib/build/protocol';
import { hashToken, randomToken } from '@/lib/crypto';
import { getBuild } from '@/lib/services/build-views';
import { startBuild } from '@/lib/services/testing/starts';
import { claimNow } from '@/lib/services/testing/claims';
import { revokeWorker, updateWorker } from '@/lib/services/worker-admin';
import { requireWorker } from '@/lib/services/worker-auth';
import {
  createEnrolment,
  deleteEnrolment,
  enrolWorker,
} from '@/lib/services/worker-enrolment';
import { listWorkers } from '@/lib/services/workers';

const INVITED = {
  name: 'builder',
  labels: ['gpu'],
  isReserved: true,
  slots: 3,
};

let actor: Actor;
beforeEach(async () => {
  actor = await makeActor();
});

const request = (secret: string, protocol: string | number = PROTOCOL) =>
  new Request('http://127.0.0.1/api/worker/claim', {
    headers: {
      authorization: `Bearer ${secret}`,
      [PROTOCOL_HEADER]: String(protocol),
    },
  });

async function connect(invited = INVITED) {
  const { code, id } = await createEnrolment(actor, invited);
  const secret = randomToken();
  const enrol = {
    code,
    secretHash: hashToken(secret),
    version: '0.1.0',
  };
  const { workerId } = await enrolWorker(enrol);
  return { code, id, secret, enrol, workerId };
}

describe('connecting a worker', () => {
  it('makes it what its code says, and lets it in by its own secret', async () => {
    const { secret, workerId } = await connect();
    expect(await requireWorker(request(secret))).toEqual({
      workerId,
      teamId: actor.teamId,
      name: 'builder',
    });
    const { workers: list, enrolments: open } = await listWorkers(actor);
    expect(list).toMatchObject([{ ...INVITED, id: workerId, isLocal: false }]);
    expect(open).toEqual([]);
  });

  it('keeps neither code nor secret as they are', async () => {
    const { code, secret } = await connect();
    const rows = JSON.stringify([
      await db().select().from(enrolments),
      await db().select().from(workers),
      await db().select().from(auditEvents),
    ]);
    expect(rows).not.toContain(code);
    expect(rows).not.toContain(secret);
  });

  it('answers the same secret again, and no other', async () => {
    const { enrol, workerId } = await connect();
    expect((await enrolWorker(enrol)).workerId).toBe(workerId);
    await expect(
      enrolWorker({ ...enrol, secretHash: hashToken('another') }),
    ).rejects.toMatchObject({ code: 'ENROLMENT_INVALID' });
    expect((await listWorkers(actor)).workers).toHaveLength(1);
  });

  it('takes one code once, however many ask at a time', async () => {
    const { code } = await createEnrolment(actor, INVITED);
    const asked = await Promise.allSettled(
      Array.from({ length: 5 }, (_, n) =>
        enrolWorker({ code, secretHash: hashToken(`${n}`), version: '1' }),
      ),
    );
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(
      1,
    );
  });

  it.each(['made up', 'ended', 'withdrawn'])(
    'refuses a code that is %s',
    async (how) => {
      const { code, id } = await createEnrolment(actor, INVITED);
      if (how === 'ended')
        await db()
          .update(enrolments)
          .set({ expiresAt: sql`now() - interval '1 second'` })
          .where(eq(enrolments.id, id));
      if (how === 'withdrawn')
        await deleteEnrolment(actor, { enrolmentId: id });
      await expect(
        enrolWorker({
          code: how === 'made up' ? randomToken() : code,
          secretHash: hashToken('s'),
          version: '1',
        }),
      ).rejects.toMatchObject({ code: 'ENROLMENT_INVALID' });
      expect((await listWorkers(actor)).workers).toEqual([]);
    },
  );

  it('is an owner’s, for this team only, under a free name', async () => {
    const member = await makeActor({ role: 'member', teamId: actor.teamId });
    await expect(createEnrolment(member, INVITED)).rejects.toMatchObject({
      code: 'NOT_ALLOWED',
    });
    const { workerId } = await connect();
    await expect(createEnrolment(actor, INVITED)).rejects.toMatchObject({
      code: 'NAME_TAKEN',
      fields: { name: expect.any(String) as string },
    });
    const stranger = await makeActor();
    await expect(revokeWorker(stranger, { workerId })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('remembers that a worker of another release was turned away, until it is updated', async () => {
    const { secret } = await connect();
    await expect(requireWorker(request(secret, 1))).rejects.toMatchObject({
      code: 'WORKER_PROTOCOL',
    });
    const refused = async () =>
      (await listWorkers(actor)).workers[0]?.refusedProtocol;
    expect(await refused()).toBe('1');
    await requireWorker(request(secret));
    expect(await refused()).toBeNull();
  });
});

describe('revoking a worker', () => {
  it('lets it in no more, and queues again what it had', async () => {
    const { spec } = await makeSpec(actor, await makeRegistry(actor));
    const { secret, workerId } = await connect({
      ...INVITED,
      isReserved: false,
    });
    const { id } = await startBuild(actor, { specId: spec.id, noCache: false });
    const worker = await requireWorker(request(secret));
    expect((await claimNow(worker))?.buildId).toBe(id);
    await revokeWorker(actor, { workerId });
    await expect(requireWorker(request(secret))).rejects.toMatchObject({
      code: 'WORKER_UNKNOWN',
    });
    expect((await getBuild(actor, id)).state).toBe('queued');
    // A poll that was let in before.
    expect(await claimNow(worker)).toBeNull();
    const other = await makeWorker(actor);
    expect((await claimNow(other))?.attempt).toBe(2);
    expect((await listWorkers(actor)).workers.map(({ name }) => name)).toEqual([
      other.name,
    ]);
    await connect();
  });

  it('loses a build that had begun to push', async () => {
    const { spec } = await makeSpec(actor, await makeRegistry(actor));
    const worker = await makeWorker(actor);
    const { id } = await startBuild(actor, { specId: spec.id, noCache: false });
    await claimNow(worker);
    await db()
      .update(buildAttempts)
      .set({ pushBegan: true })
      .where(eq(buildAttempts.buildId, id));
    await revokeWorker(actor, worker);
    expect(await getBuild(actor, id)).toMatchObject({
      state: 'lost',
      failure: { code: 'WORKER_LOST' },
    });
  });

  it('is not done to the worker of npm start, nor is its name changed', async () => {
    const { workerId } = await makeWorker(actor, undefined, { isLocal: true });
    await expect(revokeWorker(actor, { workerId })).rejects.toMatchObject({
      code: 'NOT_ALLOWED',
    });
    await expect(
      updateWorker(actor, { ...INVITED, workerId, name: 'other' }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});
