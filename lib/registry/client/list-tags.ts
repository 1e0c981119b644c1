import { z } from 'zod';
import { readPages } from './paging';
import { callTags, tagsPath } from './read';
import type { Session } from './session';

const MAX_PAGES = 20;

const TagsAnswer = z.object({ tags: z.array(z.string().max(128)).nullish() });

export type TagList = {
  tags: string[];
  /** False when pages were left unread. */
  isComplete: boolean;
};

/** The tags of a repository in the registry's order, for at most `maxPages` pages. Throws what `readPages` throws. */
export async function readTags(
  session: Session,
  repository: string,
  signal?: AbortSignal,
  maxPages = MAX_PAGES,
): Promise<TagList> {
  const tags = new Set<string>();
  const { isComplete } = await readPages(session, {
    what: 'The tag list',
    first: tagsPath(repository),
    call: (path) => callTags(session, repository, path, signal),
    schema: TagsAnswer,
    maxPages,
    onPage: (page) => {
      for (const tag of page.tags ?? []) tags.add(tag);
    },
  });
  return { tags: [...tags], isComplete };
}
