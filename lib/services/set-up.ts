import 'server-only';
import { hash } from '@node-rs/argon2';
import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import { db, type Transaction } from '@/db';
import {
  invitations,
  type InvitationPurpose,
  memberships,
  settings,
  teams,
  users,
  workers,
} from '@/db/schema';
import { hashToken, open, randomToken, seal } from '@/lib/crypto';
import { AppError } from '@/lib/errors';
import { beginTeamJobs } from '@/lib/services/access-jobs';
import type { ResetOwner, SetUpOwner, SetUpToken } from '@/lib/account-schema';

const LINK_LIFE = sql`interval '24 hours'`;
export const KEY_CHECK = 'installation_key_check';
const KEY_CHECK_TEXT = 'imageyard';

/** The one team of a new installation, made on first start. */
export async function ensureTeam(): Promise<{ teamId: string }> {
  return db().transaction(async (tx) => {
    // Two first starts at once must not make two teams.
    await tx.execute(
      sql`select pg_advisory_xact_lock(hashtext('imageyard.ensure_team'))`,
    );
    const [team] = await tx
      .select({ id: teams.id })
      .from(teams)
      .orderBy(teams.createdAt)
      .limit(1);
    if (team) return { teamId: team.id };
    const [made] = await tx
      .insert(teams)
      .values({ name: 'My team' })
      .returning({ id: teams.id });
    if (!made) throw new Error('The team was not stored.');
    await beginTeamJobs(tx, made.id);
    return { teamId: made.id };
  });
}

/** Whether somebody owns the team, so that no set-up link is needed. */
export async function hasOwner(): Promise<boolean> {
  const [owner] = await db()
    .select({ userId: memberships.userId })
    .from(memberships)
    .where(eq(memberships.role, 'owner'))
    .limit(1);
  return owner !== undefined;
}

/** A one-time token, good for 24 hours. Only its hash is stored; earlier unused ones of this purpose end. */
export async function createSetUpToken(
  purpose: InvitationPurpose,
): Promise<string> {
  const { teamId } = await ensureTeam();
  if ((purpose === 'owner') === (await hasOwner())) {
    throw new AppError(
      'CONFLICT',
      purpose === 'owner'
        ? 'This installation has an owner already. `npm run reset-owner` helps with a lost password.'
        : 'There is no owner yet. `npm run set-up-link` prints the link that makes one.',
    );
  }
  const token = randomToken();
  await db().transaction(async (tx) => {
    await tx
      .delete(invitations)
      .where(
        and(
          eq(invitations.teamId, teamId),
          eq(invitations.purpose, purpose),
          isNull(invitations.usedAt),
        ),
      );
    await tx.insert(invitations).values({
      teamId,
      purpose,
      tokenHash: hashToken(token),
      expiresAt: sql`now() + ${LINK_LIFE}`,
    });
  });
  return token;
}

/** What a link is for, so that the page can show the right form. Throws SET_UP_LINK_INVALID. */
export async function readSetUpToken({
  token,
}: SetUpToken): Promise<{ purpose: InvitationPurpose; email: string | null }> {
  const invitation = await db().transaction((tx) => findInvitation(tx, token));
  const owner =
    invitation.purpose === 'reset'
      ? await db().transaction((tx) => findOwner(tx, invitation.teamId))
      : null;
  return { purpose: invitation.purpose, email: owner?.email ?? null };
}

async function findInvitation(
  tx: Transaction,
  token: string,
  purpose?: InvitationPurpose,
) {
  const [invitation] = await tx
    .select()
    .from(invitations)
    .where(
      and(
        eq(invitations.tokenHash, hashToken(token)),
        isNull(invitations.usedAt),
        gt(invitations.expiresAt, sql`now()`),
        purpose ? eq(invitations.purpose, purpose) : undefined,
      ),
    )
    .for('update');
  if (!invitation)
    throw new AppError(
      'SET_UP_LINK_INVALID',
      'This link was used already, has expired or is incomplete.',
    );
  return invitation;
}

async function findOwner(tx: Transaction, teamId: string) {
  const [owner] = await tx
    .select({ id: users.id, email: users.email })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(and(eq(memberships.teamId, teamId), eq(memberships.role, 'owner')))
    .orderBy(memberships.createdAt)
    .limit(1);
  return owner;
}

/** Makes the owner's account and uses the link up. Throws SET_UP_LINK_INVALID. */
export async function setUpOwner(
  input: SetUpOwner,
): Promise<{ email: string }> {
  const passwordHash = await hash(input.password);
  return db().transaction(async (tx) => {
    const invitation = await findInvitation(tx, input.token, 'owner');
    const [user] = await tx
      .insert(users)
      .values({ email: input.email, name: input.name, passwordHash })
      .returning({ id: users.id });
    if (!user) throw new Error('The owner was not stored.');
    await tx
      .insert(memberships)
      .values({ teamId: invitation.teamId, userId: user.id, role: 'owner' });
    await tx
      .update(teams)
      .set({ name: input.teamName })
      .where(eq(teams.id, invitation.teamId));
    await tx
      .update(invitations)
      .set({ usedAt: sql`now()` })
      .where(eq(invitations.id, invitation.id));
    return { email: input.email };
  });
}

/** Gives the owner a new password, ends every session of theirs and uses the link up. */
export async function resetOwner(
  input: ResetOwner,
): Promise<{ email: string }> {
  const passwordHash = await hash(input.password);
  return db().transaction(async (tx) => {
    const invitation = await findInvitation(tx, input.token, 'reset');
    const owner = await findOwner(tx, invitation.teamId);
    if (!owner)
      throw new AppError(
        'SET_UP_LINK_INVALID',
        'There is no owner to give a new password to.',
      );
    await tx
      .update(users)
      .set({
        passwordHash,
        sessionVersion: sql`${users.sessionVersion} + 1`,
        disabledAt: null,
      })
      .where(eq(users.id, owner.id));
    await tx
      .update(invitations)
      .set({ usedAt: sql`now()` })
      .where(eq(invitations.id, invitation.id));
    return { email: owner.email };
  });
}

/** Stores the hash of a worker's secret, new or again. */
export async function registerLocalWorker(worker: {
  name: string;
  secret: string;
}): Promise<void> {
  const { teamId } = await ensureTeam();
  const secretHash = hashToken(worker.secret);
  await db()
    .insert(workers)
    .values({ teamId, name: worker.name, secretHash, isLocal: true })
    .onConflictDoUpdate({
      target: [workers.teamId, workers.name],
      targetWhere: isNull(workers.revokedAt),
      set: { secretHash, isLocal: true },
    });
}

/** Whether the installation key is the one this database's secrets were sealed with. A new database takes any. */
export async function checkInstallationKey(): Promise<boolean> {
  const { teamId } = await ensureTeam();
  const place = { table: 'settings', rowId: KEY_CHECK, teamId };
  await db()
    .insert(settings)
    .values({ teamId, key: KEY_CHECK, value: seal(KEY_CHECK_TEXT, place) })
    .onConflictDoNothing();
  const [row] = await db()
    .select({ value: settings.value })
    .from(settings)
    .where(and(eq(settings.teamId, teamId), eq(settings.key, KEY_CHECK)));
  try {
    return open(String(row?.value), place) === KEY_CHECK_TEXT;
  } catch (error) {
    if (error instanceof AppError && error.code === 'CREDENTIAL_SEALED')
      return false;
    throw error;
  }
}
