import 'server-only';
import { eq } from 'drizzle-orm';
import { db } from '@/db';
import { imageSpecs, registries } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { SetSpecLimits } from '@/lib/build/limits';
import type {
  SetRegistryBuilds,
  SetSpecLabels,
} from '@/lib/build/worker-forms';
import { audit } from '@/lib/services/audit';
import { notify } from '@/lib/services/notify';
import { requireRegistry } from '@/lib/services/registries';
import { requireOwner } from '@/lib/services/roles';
import { lockSpec } from '@/lib/services/specs';

/** What a worker needs to build a spec, from the next build on. Throws NOT_FOUND. */
export async function setSpecLabels(
  actor: Actor,
  { specId, labels }: SetSpecLabels,
): Promise<void> {
  await db().transaction(async (tx) => {
    const spec = await lockSpec(tx, actor, specId);
    await tx
      .update(imageSpecs)
      .set({ workerLabels: labels })
      .where(eq(imageSpecs.id, specId));
    await audit(tx, actor, {
      action: 'spec.worker_labels',
      subject: spec.name,
      subjectId: specId,
      detail: { labels: labels.join(' ') },
    });
  });
}

/** How long builds of a spec may take, from the next build on. Throws NOT_FOUND. */
export async function setSpecLimits(
  actor: Actor,
  { specId, totalMinutes, idleMinutes }: SetSpecLimits,
): Promise<void> {
  await db().transaction(async (tx) => {
    const spec = await lockSpec(tx, actor, specId);
    await tx
      .update(imageSpecs)
      .set({ totalMinutes, idleMinutes })
      .where(eq(imageSpecs.id, specId));
    await audit(tx, actor, {
      action: 'spec.limits',
      subject: spec.name,
      subjectId: specId,
      detail: { total: totalMinutes ?? 0, idle: idleMinutes ?? 0 },
    });
  });
}

/**
 * How builds for a registry run: the labels count from the next build on, the limit at once. An owner's. Throws
 * NOT_FOUND.
 */
export async function setRegistryBuilds(
  actor: Actor,
  { registryId, labels, maxBuilds }: SetRegistryBuilds,
): Promise<void> {
  requireOwner(actor);
  const registry = await requireRegistry(actor, registryId);
  await db().transaction(async (tx) => {
    await tx
      .update(registries)
      .set({ workerLabels: labels, maxBuilds })
      .where(eq(registries.id, registryId));
    await audit(tx, actor, {
      action: 'registry.builds',
      subject: registry.name,
      subjectId: registryId,
      detail: { labels: labels.join(' '), maxBuilds: maxBuilds ?? 0 },
    });
    await notify(tx, `queue:${actor.teamId}`);
  });
}
