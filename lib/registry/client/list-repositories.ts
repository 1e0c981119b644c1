import { z } from 'zod';
import { RegistryError } from '@/lib/registry/errors';
import { isJson } from '@/lib/registry/evidence';
import { readPages } from './paging';
import { isSuccess } from './read';
import type { Session } from './session';

const MAX_PAGES = 100;
const FIRST = '/v2/_catalog?n=1000';

const CatalogAnswer = z.object({
  repositories: z.array(z.string().max(255)).nullish(),
});

export type RepositoryList = {
  /** Paths below the host. */
  repositories: string[];
  /** False when pages were left unread. */
  isComplete: boolean;
};

/**
 * Every repository the registry lists, or `null` where it has no catalog for this credential: many hosted registries
 * refuse it or do not have it (401, 403, 404, 405), and some show a page instead. Throws what `readPages` throws for
 * anything else.
 */
export async function readCatalog(
  session: Session,
  signal?: AbortSignal,
): Promise<RepositoryList | null> {
  const call = (path: string) =>
    session.call({
      method: 'GET',
      path,
      purpose: 'catalog',
      scopes: ['registry:catalog:*'],
      signal,
    });
  try {
    const first = await call(FIRST);
    const isRefused = [400, 401, 403, 404, 405, 501].includes(first.status);
    if (isRefused || (isSuccess(first) && !isJson(first.body))) return null;
    const repositories = new Set<string>();
    let isFirst = true;
    const { isComplete } = await readPages(session, {
      what: 'The catalog',
      first: FIRST,
      call: (path) => {
        const answer = isFirst ? Promise.resolve(first) : call(path);
        isFirst = false;
        return answer;
      },
      schema: CatalogAnswer,
      maxPages: MAX_PAGES,
      onPage: (page) => {
        for (const name of page.repositories ?? []) repositories.add(name);
      },
    });
    return { repositories: [...repositories], isComplete };
  } catch (error) {
    // Token servers refuse the catalog's scope in their own words.
    const isToken =
      error instanceof RegistryError &&
      error.facts.stage === 'token' &&
      error.facts.status !== undefined &&
      error.facts.status < 429;
    if (isToken) return null;
    throw error;
  }
}
