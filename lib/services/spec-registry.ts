import 'server-only';
import { and, eq, isNull } from 'drizzle-orm';
import type { Transaction } from '@/db';
import { imageSpecs, registries, specRevisions } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { SpecError } from '@/lib/imagespec/errors';
import type { ImageSpec } from '@/lib/imagespec/schema';
import {
  findRegistry,
  formatPlace,
  isInPlace,
  readRepository,
} from '@/lib/registry/covering';

/**
 * The registry a definition goes to. One that was chosen must hold what `fields.registry` says, or gives that field its
 * text; without a choice it is the live one that covers the image, if any. Throws SPEC_INVALID.
 */
export async function resolveRegistry(
  tx: Transaction,
  actor: Actor,
  { fields, registryId }: { fields: ImageSpec; registryId: string | null },
): Promise<{ fields: ImageSpec; registryId: string | null }> {
  const written = fields.registry
    ? readRepository(`${fields.registry.toLowerCase()}/x`)
    : null;
  const live = await listLive(tx, actor.teamId);
  if (registryId === null) {
    const found = written ? findRegistry(live, written) : undefined;
    return { fields, registryId: found?.id ?? null };
  }
  const chosen = live.find(({ id }) => id === registryId);
  if (!chosen) {
    const message = 'This registry was archived. Choose another.';
    throw new SpecError(message, { registry: message });
  }
  if (!fields.registry) {
    return { fields: { ...fields, registry: formatPlace(chosen) }, registryId };
  }
  if (written && isInPlace(chosen, written)) return { fields, registryId };
  const message = `${fields.registry} does not lie in the registry ${chosen.name} (${formatPlace(chosen)}).`;
  throw new SpecError(message, { registry: message });
}

/** Joins specs whose image no registry covered to one that does now, so that they can be built. */
export async function adoptSpecs(
  tx: Transaction,
  teamId: string,
): Promise<void> {
  const orphans = await tx
    .select({
      id: imageSpecs.id,
      imageName: specRevisions.imageName,
      fields: specRevisions.fields,
    })
    .from(imageSpecs)
    .innerJoin(
      specRevisions,
      and(
        eq(specRevisions.specId, imageSpecs.id),
        eq(specRevisions.number, imageSpecs.currentRevision),
      ),
    )
    .where(and(eq(imageSpecs.teamId, teamId), isNull(imageSpecs.registryId)));
  if (orphans.length === 0) return;
  const live = await listLive(tx, teamId);
  for (const { id, imageName, fields } of orphans) {
    // Without a registry of its own the name would be read as one of Docker Hub's.
    const repository = fields.registry ? readRepository(imageName) : null;
    const found = repository && findRegistry(live, repository);
    if (!found) continue;
    await tx
      .update(imageSpecs)
      .set({ registryId: found.id })
      .where(eq(imageSpecs.id, id));
  }
}

function listLive(tx: Transaction, teamId: string) {
  return tx
    .select()
    .from(registries)
    .where(and(eq(registries.teamId, teamId), isNull(registries.archivedAt)));
}
