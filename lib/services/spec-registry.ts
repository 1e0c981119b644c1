import 'server-only';
import { and, eq, isNull } from 'drizzle-orm';
import type { Transaction } from '@/db';
import { registries } from '@/db/schema';
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
  const live = await tx
    .select()
    .from(registries)
    .where(
      and(eq(registries.teamId, actor.teamId), isNull(registries.archivedAt)),
    );
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
