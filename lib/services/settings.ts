import 'server-only';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { db, type Database, type Transaction } from '@/db';
import { settings } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { OwnLimits } from '@/lib/build/limits';
import { DEFAULT_RETENTION, LogRetention } from '@/lib/build/log-retention';
import { DEFAULT_FLYTEKIT_VERSION } from '@/lib/imagespec/defaults';
import { HelperImages } from '@/lib/imagespec/helper-images';
import { TeamDefaults } from '@/lib/imagespec/team-defaults';
import { hastenSweep } from '@/lib/services/access-jobs';
import { audit } from '@/lib/services/audit';
import { rebindProjects } from '@/lib/services/default-image';
import { hastenJob } from '@/lib/services/jobs';
import { requireOwner } from '@/lib/services/roles';
import { lockTasks } from '@/lib/services/task-lock';

const HELPER_IMAGES = {
  key: 'helper_images',
  stored: z.object({ version: z.literal(1), images: HelperImages }),
};
const DEFAULTS = {
  key: 'defaults',
  stored: z.object({ version: z.literal(1), defaults: TeamDefaults }),
};
const LIMITS = {
  key: 'build_limits',
  stored: z.object({ version: z.literal(1), limits: OwnLimits }),
};
const RETENTION = {
  key: 'log_retention',
  stored: z.object({ version: z.literal(1), retention: LogRetention }),
};

async function read<Stored extends z.ZodType>(
  teamId: string,
  { key, stored }: { key: string; stored: Stored },
  tx: Pick<Transaction, 'select'> = db(),
): Promise<z.output<Stored> | null> {
  const [row] = await tx
    .select({ value: settings.value })
    .from(settings)
    .where(and(eq(settings.teamId, teamId), eq(settings.key, key)));
  return row ? stored.parse(row.value) : null;
}

async function write(
  tx: Transaction | Database,
  teamId: string,
  key: string,
  value: object,
) {
  await tx
    .insert(settings)
    .values({ teamId, key, value })
    .onConflictDoUpdate({
      target: [settings.teamId, settings.key],
      set: { value },
    });
}

/** The team's helper images; `null` leaves the spec's own or flytekit's default. */
export async function readHelperImages(teamId: string): Promise<HelperImages> {
  const found = await read(teamId, HELPER_IMAGES);
  return found?.images ?? { uv: null, micromamba: null };
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
  await write(db(), actor.teamId, HELPER_IMAGES.key, { version: 1, images });
  return images;
}

/** What holds where a spec or task says nothing. */
export function getDefaults(actor: Actor): Promise<TeamDefaults> {
  return readDefaults(actor.teamId);
}

/** The team's defaults, read in a transaction where one is given: it must not wait for a second connection. */
export async function readDefaults(
  teamId: string,
  tx?: Transaction,
): Promise<TeamDefaults> {
  const found = await read(teamId, DEFAULTS, tx);
  return (
    found?.defaults ?? {
      flytekitVersion: null,
      image: null,
      clusterPlatforms: [],
    }
  );
}

/**
 * Replaces the team's defaults; they hold for revisions saved and tasks shown from now on. Projects with a default image
 * of their own keep it. Owner only.
 */
export async function updateDefaults(
  actor: Actor,
  defaults: TeamDefaults,
): Promise<TeamDefaults> {
  requireOwner(actor);
  return db().transaction(async (tx) => {
    await lockTasks(tx, actor.teamId);
    await write(tx, actor.teamId, DEFAULTS.key, { version: 1, defaults });
    await rebindProjects(tx, actor.teamId, defaults);
    await hastenSweep(tx, actor.teamId);
    return defaults;
  });
}

/** The flytekit of a spec that names none. */
export async function teamFlytekit(actor: Actor): Promise<string> {
  const { flytekitVersion } = await getDefaults(actor);
  return flytekitVersion ?? DEFAULT_FLYTEKIT_VERSION;
}

/** How long the team's builds may take; `null` leaves the built-in limit. */
export async function readTeamLimits(
  teamId: string,
  tx?: Transaction,
): Promise<OwnLimits> {
  const found = await read(teamId, LIMITS, tx);
  return found?.limits ?? { totalMinutes: null, idleMinutes: null };
}

export function getTeamLimits(actor: Actor): Promise<OwnLimits> {
  return readTeamLimits(actor.teamId);
}

/** Replaces the team's time limits; they hold for builds asked for from now on. Owner only. */
export async function updateTeamLimits(
  actor: Actor,
  limits: OwnLimits,
): Promise<OwnLimits> {
  requireOwner(actor);
  await write(db(), actor.teamId, LIMITS.key, { version: 1, limits });
  return limits;
}

/** How long the team keeps logs of builds. */
export async function readLogRetention(teamId: string): Promise<LogRetention> {
  const found = await read(teamId, RETENTION);
  return found?.retention ?? DEFAULT_RETENTION;
}

/** Replaces how long logs are kept, and has what is past it removed soon. Owner only. */
export async function updateLogRetention(
  actor: Actor,
  retention: LogRetention,
): Promise<LogRetention> {
  requireOwner(actor);
  const { key } = RETENTION;
  await db().transaction(async (tx) => {
    await write(tx, actor.teamId, key, { version: 1, retention });
    await audit(tx, actor, {
      action: 'logs.retention',
      subject: 'logs of builds',
      detail: {
        days: retention.days ?? 'for ever',
        gigabytes: retention.gigabytes ?? 'no limit',
      },
    });
  });
  await hastenJob('prune_history', actor.teamId);
  return retention;
}
