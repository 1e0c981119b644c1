import { type NextRequest, NextResponse } from 'next/server';

const COOKIES = ['next-auth.session-token', '__Secure-next-auth.session-token'];

/** A convenience, not the guard: sends people without a session cookie to the sign-in page before rendering. */
export function proxy(request: NextRequest): NextResponse {
  if (COOKIES.some((name) => request.cookies.has(name)))
    return NextResponse.next();
  const signIn = request.nextUrl.clone();
  signIn.pathname = '/sign-in';
  signIn.search = '';
  const from = request.nextUrl.pathname + request.nextUrl.search;
  if (from !== '/') signIn.searchParams.set('from', from);
  return NextResponse.redirect(signIn);
}

export const config = {
  matcher: ['/((?!api|sign-in|set-up|_next|icon|favicon).*)'],
};
