import 'server-only';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { db } from '@/db';
import { settings } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { HelperImages } from '@/lib/imagespec/helper-images';
import { requireOwner } from '@/lib/services/roles';

const HELPER_IMAGES = 'helper_images';
const Stored = z.object({ version: z.literal(1), images: HelperImages });

/** The team's helper images; `null` leaves the spec's own or flytekit's default. */
export async function readHelperImages(teamId: string): Promise<HelperImages> {
  const [row] = await db()
    .select({ value: settings.value })
    .from(settings)
    .where(and(eq(settings.teamId, teamId), eq(settings.key, HELPER_IMAGES)));
  return row ? Stored.parse(row.value).images : { uv: null, micromamba: null };
}

export function getHelperImages(actor: Actor): Promise<HelperImages> {
  return readHelperImages(actor.teamId);
}

/** Replaces the team's helper images; they hold for builds claimed from now on. Owner only. */
export async function updateHelperImages(
  actor: Actor,
  images: HelperImages,
): Promise<HelperImages> {
  requireOwner(actor);
  const value = { version: 1, images };
  await db()
    .insert(settings)
    .values({ teamId: actor.teamId, key: HELPER_IMAGES, value })
    .onConflictDoUpdate({
      target: [settings.teamId, settings.key],
      set: { value },
    });
  return images;
}
