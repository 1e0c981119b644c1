import { z } from 'zod';
import { RegistryError } from '@/lib/registry/errors';
import { headerLines, parseJson } from '@/lib/registry/evidence';
import { nextLink } from '@/lib/registry/link';
import { failedAnswer } from './failed-answer';
import { callTags, isSuccess } from './read';
import type { Session } from './session';

const MAX_PAGES = 20;

const TagsAnswer = z.object({ tags: z.array(z.string().max(128)).nullish() });

export type TagList = {
  tags: string[];
  /** False when pages were left unread. */
  isComplete: boolean;
};

/**
 * The tags of a repository in the registry's order, following `Link` as it is written for at most 20 pages. Throws
 * `REGISTRY_BLOCKED` when a page points to another origin, else as `failedAnswer` says.
 */
export async function readTags(
  session: Session,
  repository: string,
  signal?: AbortSignal,
): Promise<TagList> {
  const tags = new Set<string>();
  const seen = new Set<string>();
  let path: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await callTags(session, repository, path, signal);
    if (!isSuccess(answer)) throw failedAnswer(answer, session, 'The tag list');
    const parsed = TagsAnswer.safeParse(parseJson(answer.body));
    if (!parsed.success) {
      throw new RegistryError(
        'REGISTRY_INVALID_ANSWER',
        `${session.registry} lists its tags in an unknown form.`,
      );
    }
    for (const tag of parsed.data.tags ?? []) tags.add(tag);
    const next = nextLink(headerLines(answer.headers, 'link'), answer.url);
    if (!next) return { tags: [...tags], isComplete: true };
    if (next.origin !== session.origin.origin) {
      throw new RegistryError(
        'REGISTRY_BLOCKED',
        `${session.registry} continues its tags on another host.`,
        {
          facts: { blocked: 'redirect' },
        },
      );
    }
    if (seen.has(next.href)) break;
    seen.add(next.href);
    path = next.pathname + next.search;
  }
  return { tags: [...tags], isComplete: false };
}
