import 'server-only';
import { hash, verify } from '@node-rs/argon2';
import { eq, sql } from 'drizzle-orm';
import { db } from '@/db';
import { users } from '@/db/schema';
import type { ChangePassword } from '@/lib/account-schema';
import type { Actor } from '@/lib/auth';
import { AppError } from '@/lib/errors';

/** Changes the actor's own password and signs out every session, this one too. Throws PASSWORD_WRONG. */
export async function changePassword(
  actor: Actor,
  input: ChangePassword,
): Promise<{ email: string }> {
  const [user] = await db()
    .select({ passwordHash: users.passwordHash })
    .from(users)
    .where(eq(users.id, actor.userId));
  if (
    !user?.passwordHash ||
    !(await verify(user.passwordHash, input.current))
  ) {
    throw new AppError('PASSWORD_WRONG', 'The current password is not right.', {
      fields: { current: 'This is not your current password.' },
    });
  }
  await db()
    .update(users)
    .set({
      passwordHash: await hash(input.password),
      sessionVersion: sql`${users.sessionVersion} + 1`,
    })
    .where(eq(users.id, actor.userId));
  return { email: actor.email };
}
