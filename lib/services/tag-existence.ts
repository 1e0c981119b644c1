import 'server-only';
import type { Actor } from '@/lib/auth';
import {
  possibleTags,
  type RevisionNumber,
  type TagExistence,
  type TagExistenceView,
} from '@/lib/imagespec/releases/revision-tags';
import type { RegistryClient } from '@/lib/registry/client';
import { RegistryError } from '@/lib/registry/errors';
import { parseReference } from '@/lib/registry/reference';
import { type ImagePlace, withRegistry } from '@/lib/services/registry-clients';
import { getRevision } from '@/lib/services/revision-views';

const KEPT_MS = 60_000;
const MAX_KEPT = 200;
const PATIENCE_MS = 10_000;
const TAG = /^\w[\w.-]{0,127}$/;

type Kept = { until: number; view: Promise<TagExistenceView> };
const kept = new Map<string, Kept>();

/**
 * Which of the tags that flytekit's releases compute for a revision are in the registry, asked with the stored
 * credential. What a registry does not say is `unknown`, never a guess. An answer without an unknown is kept for a
 * minute. Throws NOT_FOUND.
 */
export async function lookUpTags(
  actor: Actor,
  input: RevisionNumber,
): Promise<TagExistenceView> {
  const revision = await getRevision(actor, input);
  const tags = possibleTags(revision);
  if (!revision.fields.registry) {
    const reason = 'The spec names no registry.';
    return toView(tags.map((tag) => ({ tag, state: 'unknown', reason })));
  }
  const { registry: host, repository: path } = parseReference(
    revision.imageName,
  );
  const place = { teamId: actor.teamId, host, path };
  const key = JSON.stringify([place, tags]);
  const known = kept.get(key);
  if (known && known.until > Date.now()) return known.view;
  const view = ask(place, tags).then(toView);
  keep(key, view);
  return view;
}

function keep(key: string, view: Promise<TagExistenceView>): void {
  const [oldest] = kept.keys();
  if (kept.size >= MAX_KEPT && oldest !== undefined) kept.delete(oldest);
  kept.delete(key);
  const entry = { until: Date.now() + KEPT_MS, view };
  kept.set(key, entry);
  const forget = () => {
    if (kept.get(key) === entry) kept.delete(key);
  };
  view.then(({ tags }) => {
    if (tags.some(({ state }) => state === 'unknown')) forget();
  }, forget);
}

/** Asks for one tag after the other, all within ten seconds. What stops one stops those after it, too. */
async function ask(
  place: ImagePlace,
  tags: readonly string[],
): Promise<TagExistence[]> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const found: TagExistence[] = [];
  try {
    await withRegistry(place, 'stored_pull', async (client) => {
      for (const tag of tags) {
        found.push(await askFor(client, place.path, tag, signal));
      }
    });
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    const reason = error.message;
    const rest = tags.slice(found.length);
    found.push(
      ...rest.map((tag) => ({ tag, state: 'unknown' as const, reason })),
    );
  }
  return found;
}

async function askFor(
  client: RegistryClient,
  path: string,
  tag: string,
  signal: AbortSignal,
): Promise<TagExistence> {
  if (!TAG.test(tag)) {
    const reason = 'No registry takes such a tag.';
    return { tag, state: 'unknown', reason };
  }
  try {
    const { digest } = await client.headManifest(path, tag, signal);
    return { tag, state: 'exists', digest };
  } catch (error) {
    const isMissing =
      error instanceof RegistryError && error.code === 'REGISTRY_NOT_FOUND';
    if (isMissing) return { tag, state: 'missing' };
    throw error;
  }
}

function toView(tags: TagExistence[]): TagExistenceView {
  return { tags, askedAt: new Date().toISOString() };
}
