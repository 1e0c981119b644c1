/**
 * The target of `Link: <…>; rel="next"` (RFC 8288) resolved against the page it came with, or null on the last page.
 * Registries write it relative or absolute; the caller decides whether another origin is acceptable.
 */
export function nextLink(lines: readonly string[], page: URL): URL | null {
  for (const match of lines.join(', ').matchAll(/<([^>]*)>([^<]*)/g)) {
    const [, target = '', params = ''] = match;
    if (!/;\s*rel\s*=\s*"?next"?\s*(?:[;,]|$)/i.test(params)) continue;
    return URL.canParse(target, page) ? new URL(target, page) : null;
  }
  return null;
}
