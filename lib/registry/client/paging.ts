import type { z } from 'zod';
import { RegistryError } from '@/lib/registry/errors';
import { headerLines, parseJson } from '@/lib/registry/evidence';
import { nextLink } from '@/lib/registry/link';
import { failedAnswer } from './failed-answer';
import { isSuccess } from './read';
import type { CallResult, Session } from './session';

type Pages<Schema extends z.ZodType> = {
  /** What is listed, for messages: `The tag list`. */
  what: string;
  /** Path and query of the first page. */
  first: string;
  call: (path: string) => Promise<CallResult>;
  schema: Schema;
  maxPages: number;
  onPage: (page: z.output<Schema>, answer: CallResult) => void;
};

/**
 * Reads the pages of a list (distribution-spec, content discovery), following `Link` as it is written, and gives
 * whether the end was reached: not after `maxPages`, and not when the pages go round in a circle. Throws
 * `REGISTRY_BLOCKED` when a page points to another origin, else as `failedAnswer` says.
 */
export async function readPages<Schema extends z.ZodType>(
  session: Session,
  pages: Pages<Schema>,
): Promise<{ isComplete: boolean }> {
  const seen = new Set<string>();
  let path = pages.first;
  for (let count = 0; count < pages.maxPages; count += 1) {
    const answer = await pages.call(path);
    if (!isSuccess(answer)) throw failedAnswer(answer, session, pages.what);
    const parsed = pages.schema.safeParse(parseJson(answer.body));
    if (!parsed.success) {
      throw new RegistryError(
        'REGISTRY_INVALID_ANSWER',
        `${pages.what}: ${session.registry} writes it in an unknown form.`,
      );
    }
    pages.onPage(parsed.data, answer);
    const next = nextPath(session, pages, answer);
    if (next === null) return { isComplete: true };
    if (seen.has(next)) break;
    seen.add(next);
    path = next;
  }
  return { isComplete: false };
}

function nextPath(
  session: Session,
  { what, first }: Pages<z.ZodType>,
  answer: CallResult,
): string | null {
  const next = nextLink(headerLines(answer.headers, 'link'), answer.url);
  if (!next) return null;
  if (next.origin !== session.origin.origin) {
    throw new RegistryError(
      'REGISTRY_BLOCKED',
      `${what}: ${session.registry} continues it on another host.`,
      { facts: { blocked: 'redirect' } },
    );
  }
  const own = new URL(first, session.origin);
  if (next.pathname === own.pathname) return next.pathname + next.search;
  // Artifactory leaves the prefix of a virtual repository out of its links: the path stays ours, the position is its.
  const last = next.searchParams.get('last');
  if (last === null) return next.pathname + next.search;
  own.searchParams.set('last', last);
  return own.pathname + own.search;
}
