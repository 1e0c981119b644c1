import 'server-only';
import { verify } from '@node-rs/argon2';
import { and, asc, eq, sql } from 'drizzle-orm';
import NextAuth, { type NextAuthOptions } from 'next-auth';
import { getServerSession } from 'next-auth/next';
import CredentialsProvider from 'next-auth/providers/credentials';
import { redirect } from 'next/navigation';
import { cache } from 'react';
import { z } from 'zod';
import { db } from '@/db';
import { memberships, type Role, teams, users } from '@/db/schema';
import { sessionSecret } from '@/lib/crypto';
import { env } from '@/lib/env';
import { AppError } from '@/lib/errors';
import { allowSignIn, clearSignIns } from '@/lib/sign-in-limit';

/** Who acts, and in which team. Every verb's first argument. */
export type Actor = {
  userId: string;
  name: string;
  email: string;
  teamId: string;
  teamName: string;
  role: Role;
};

const SignIn = z.object({
  email: z.string().max(320),
  password: z.string().max(1024),
});
const SessionToken = z.object({
  userId: z.uuid(),
  sessionVersion: z.number().int(),
});

// Verified against when the address is unknown, so that both cases take the same time.
const NOBODY =
  '$argon2id$v=19$m=19456,t=2,p=1$ewJ7/8KaBM381Pq27PA56A$rSCms+g1WlDyCa2CDVvn3fQOI3fMGWHydCwU0ohqNuM';

async function authorize(
  credentials: unknown,
): Promise<{ id: string; sessionVersion: number } | null> {
  const input = SignIn.safeParse(credentials);
  if (!input.success) return null;
  const email = input.data.email.trim().toLowerCase();
  if (!allowSignIn(email)) return null;
  const [user] = await db()
    .select()
    .from(users)
    .where(eq(sql`lower(${users.email})`, email));
  const isRight = await verify(
    user?.passwordHash ?? NOBODY,
    input.data.password,
  ).catch(() => false);
  if (!user?.passwordHash || !isRight || user.disabledAt) return null;
  clearSignIns(email);
  return { id: user.id, sessionVersion: user.sessionVersion };
}

/** next-auth's options, made at the first request: they need the installation key. */
const authOptions = cache((): NextAuthOptions => {
  const isSecure = env().PUBLIC_URL.startsWith('https://');
  return {
    secret: sessionSecret(),
    session: { strategy: 'jwt', maxAge: 30 * 24 * 60 * 60 },
    useSecureCookies: isSecure,
    pages: { signIn: '/sign-in', error: '/sign-in' },
    providers: [
      CredentialsProvider({
        credentials: { email: {}, password: {} },
        authorize,
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => {
        // `user` is there only right after sign-in.
        const signedIn = user as
          { id: string; sessionVersion: number } | undefined;
        return signedIn
          ? { userId: signedIn.id, sessionVersion: signedIn.sessionVersion }
          : token;
      },
      session: ({ session, token }) => ({
        expires: session.expires,
        token: SessionToken.safeParse(token).data,
      }),
    },
  };
});

type AuthContext = { params: Promise<{ nextauth: string[] }> };

/** next-auth's own endpoints, below /api/auth. */
export function authRoute(
  request: Request,
  context: AuthContext,
): Promise<Response> {
  return (NextAuth as (...args: unknown[]) => Promise<Response>)(
    request,
    context,
    authOptions(),
  );
}

/**
 * The person behind this request, or `null`. Reads the user's row each time, so that someone disabled or signed out
 * everywhere is out at the next request.
 */
export const getActor = cache(async (): Promise<Actor | null> => {
  const session: unknown = await getServerSession(authOptions());
  const token = z.object({ token: SessionToken }).safeParse(session)
    .data?.token;
  if (!token) return null;
  const [row] = await db()
    .select({
      userId: users.id,
      name: users.name,
      email: users.email,
      teamId: teams.id,
      teamName: teams.name,
      role: memberships.role,
      disabledAt: users.disabledAt,
    })
    .from(users)
    .innerJoin(memberships, eq(memberships.userId, users.id))
    .innerJoin(teams, eq(teams.id, memberships.teamId))
    .where(
      and(
        eq(users.id, token.userId),
        eq(users.sessionVersion, token.sessionVersion),
      ),
    )
    .orderBy(asc(memberships.createdAt))
    .limit(1);
  if (!row || row.disabledAt) return null;
  const { disabledAt: _, ...actor } = row;
  return actor;
});

/** For actions and routes: throws NOT_SIGNED_IN. */
export async function requireActor(): Promise<Actor> {
  const actor = await getActor();
  if (!actor)
    throw new AppError(
      'NOT_SIGNED_IN',
      'You are not signed in, or your session has ended.',
    );
  return actor;
}

/** For pages: sends to the sign-in page. Layouts do not re-run on every navigation, so every page calls it. */
export async function pageActor(): Promise<Actor> {
  return (await getActor()) ?? redirect('/sign-in');
}
