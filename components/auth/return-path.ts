const HOME = '/';
// Signing in to be sent to the way in, or to something that is no page, helps nobody.
const NO_PAGES = /^\/(sign-in|set-up|api|_next)(\/|\?|#|$)/;

/**
 * Where to go after signing in. Only a path of this site is taken; another origin, in whatever disguise, becomes the
 * home page.
 */
export function returnPath(from: string | string[] | undefined): string {
  if (typeof from !== 'string' || !from.startsWith('/')) return HOME;
  const base = 'http://imageyard.invalid';
  if (!URL.canParse(from, base)) return HOME;
  const url = new URL(from, base);
  const path = url.pathname + url.search + url.hash;
  // A path that begins with two slashes would be read as a host when it is used next.
  if (url.origin !== base || path.startsWith('//') || NO_PAGES.test(path))
    return HOME;
  return path;
}
