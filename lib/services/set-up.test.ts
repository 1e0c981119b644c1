import { eq, sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import {
  auditEvents,
  invitations,
  memberships,
  settings,
  teams,
  users,
  workers,
} from '@/db/schema';
import { makeActor } from '@/db/testing/rows';
import { hashToken } from '@/lib/crypto';
import { changePassword } from '@/lib/services/account';
import { audit } from '@/lib/services/audit';
import {
  checkInstallationKey,
  createSetUpToken,
  ensureTeam,
  hasOwner,
  readSetUpToken,
  registerLocalWorker,
  resetOwner,
  setUpOwner,
} from '@/lib/services/set-up';

const PASSWORD = 'correct horse battery';

beforeEach(async () => {
  await db().execute(
    sql`truncate ${teams}, ${users}, ${invitations}, ${settings}, ${memberships} cascade`,
  );
});

const owner = (token: string) => ({
  token,
  teamName: 'Research',
  name: 'Ada',
  email: 'ada@example.com',
  password: PASSWORD,
});

describe('a new installation', () => {
  it('has one team, however many processes start it', async () => {
    const made = await Promise.all(
      Array.from({ length: 5 }, () => ensureTeam()),
    );
    expect(new Set(made.map(({ teamId }) => teamId)).size).toBe(1);
  });

  it('gets its owner by the link, once', async () => {
    const token = await createSetUpToken('owner');
    expect(await hasOwner()).toBe(false);
    expect(await readSetUpToken({ token })).toEqual({
      purpose: 'owner',
      email: null,
    });
    await setUpOwner(owner(token));
    expect(await hasOwner()).toBe(true);
    await expect(setUpOwner(owner(token))).rejects.toMatchObject({
      code: 'SET_UP_LINK_INVALID',
    });
    await expect(createSetUpToken('owner')).rejects.toMatchObject({
      code: 'CONFLICT',
    });
  });

  it('gives the owner to one of two people with the same link', async () => {
    const token = await createSetUpToken('owner');
    const tries = await Promise.allSettled([
      setUpOwner(owner(token)),
      setUpOwner({ ...owner(token), email: 'eve@example.com' }),
    ]);
    expect(tries.map(({ status }) => status).sort()).toEqual([
      'fulfilled',
      'rejected',
    ]);
    expect(await db().select().from(users)).toHaveLength(1);
  });

  it('keeps no token, only its hash', async () => {
    const token = await createSetUpToken('owner');
    const rows = JSON.stringify(await db().select().from(invitations));
    expect(rows).not.toContain(token);
    expect(rows).toContain(hashToken(token));
  });

  it('ends an earlier link when another is made, and any link after 24 hours', async () => {
    const first = await createSetUpToken('owner');
    const second = await createSetUpToken('owner');
    await expect(readSetUpToken({ token: first })).rejects.toMatchObject({
      code: 'SET_UP_LINK_INVALID',
    });
    await db()
      .update(invitations)
      .set({
        expiresAt: sql`${invitations.expiresAt} - interval '24 hours 1 second'`,
      });
    await expect(setUpOwner(owner(second))).rejects.toMatchObject({
      code: 'SET_UP_LINK_INVALID',
    });
  });
});

describe('a lost password', () => {
  it('is replaced by a reset link, which signs every session out', async () => {
    await expect(createSetUpToken('reset')).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await setUpOwner(owner(await createSetUpToken('owner')));
    const token = await createSetUpToken('reset');
    expect(await readSetUpToken({ token })).toEqual({
      purpose: 'reset',
      email: 'ada@example.com',
    });
    const [before] = await db().select().from(users);
    await resetOwner({ token, password: 'another long password' });
    const [after] = await db().select().from(users);
    expect(after?.sessionVersion).toBe((before?.sessionVersion ?? 0) + 1);
    expect(after?.passwordHash).not.toBe(before?.passwordHash);
    await expect(
      resetOwner({ token, password: 'another long password' }),
    ).rejects.toMatchObject({
      code: 'SET_UP_LINK_INVALID',
    });
  });
});

describe('changing the password', () => {
  it('needs the current one', async () => {
    await setUpOwner(owner(await createSetUpToken('owner')));
    const [user] = await db().select().from(users);
    const actor = {
      ...(await makeActor()),
      userId: user?.id ?? '',
      email: 'ada@example.com',
    };
    await expect(
      changePassword(actor, { current: 'wrong', password: PASSWORD }),
    ).rejects.toMatchObject({
      code: 'PASSWORD_WRONG',
      fields: { current: expect.any(String) as string },
    });
    await changePassword(actor, {
      current: PASSWORD,
      password: 'another long password',
    });
    const [after] = await db()
      .select()
      .from(users)
      .where(eq(users.id, actor.userId));
    expect(after?.sessionVersion).toBe(2);
  });
});

describe('the local worker', () => {
  it('is one row whose secret can be minted again', async () => {
    await registerLocalWorker({ name: 'local', secret: 'first' });
    await registerLocalWorker({ name: 'local', secret: 'second' });
    const rows = await db()
      .select()
      .from(workers)
      .where(eq(workers.name, 'local'));
    expect(rows.map(({ secretHash }) => secretHash)).toEqual([
      hashToken('second'),
    ]);
  });
});

describe('the installation key', () => {
  it('fits the database it was first used with', async () => {
    expect(await checkInstallationKey()).toBe(true);
    expect(await checkInstallationKey()).toBe(true);
  });

  it('is told apart from another one', async () => {
    await checkInstallationKey();
    await db().update(settings).set({ value: 'v1:00000000:AAAA:AAAA:AAAA' });
    expect(await checkInstallationKey()).toBe(false);
  });
});

describe('audit events', () => {
  it('are never changed or deleted', async () => {
    const actor = await makeActor();
    await audit(db(), actor, {
      action: 'registry.create',
      subject: 'registry',
    });
    const refused = { cause: { code: '23001' } };
    await expect(
      db().update(auditEvents).set({ action: 'x' }),
    ).rejects.toMatchObject(refused);
    await expect(db().delete(auditEvents)).rejects.toMatchObject(refused);
  });
});
