import { signIn, signOut } from 'next-auth/react';
import { ERRORS } from '@/lib/errors';
import { RequestError } from '@/lib/queries/fetch-json';

/** Signs in with a password. Throws `RequestError` with SIGN_IN_WRONG when the server refuses. */
export async function enter(email: string, password: string): Promise<void> {
  const answer = await signIn('credentials', {
    email,
    password,
    redirect: false,
  });
  if (answer?.ok && !answer.error) return;
  throw new RequestError({
    code: 'SIGN_IN_WRONG',
    message: 'The e-mail address or the password is not right.',
    hint: ERRORS.SIGN_IN_WRONG.hint,
  });
}

/** Ends the session; the page stays. */
export async function endSession(): Promise<void> {
  await signOut({ redirect: false });
}

/**
 * Loads a page anew, so that nothing read as somebody else stays in memory. Never settles: this page is on its way
 * out, and a form that waits for it stays pending until then.
 */
export function loadPage(path: string): Promise<never> {
  window.location.assign(path);
  return new Promise<never>(() => undefined);
}

/** Signs out and goes to the sign-in page. */
export async function leave(): Promise<never> {
  await endSession();
  return loadPage('/sign-in');
}
