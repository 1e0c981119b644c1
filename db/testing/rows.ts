import { randomUUID } from 'node:crypto';
import { db } from '@/db';
import {
  imageSpecs,
  memberships,
  registries,
  type Role,
  specRevisions,
  teams,
  users,
  workers,
} from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { EngineReport } from '@/lib/build/protocol';
import { hashToken, randomToken } from '@/lib/crypto';

/** Rows that tests start from. Each call makes new ones, so files and cases never meet. */

/** An engine that builds for amd64. */
export const READY: Extract<EngineReport, { state: 'ready' }> = {
  state: 'ready',
  kind: 'docker',
  version: '28.0.0',
  apiVersion: '1.45',
  platforms: ['linux/amd64'],
  addsCaCertificates: false,
};

function only<T>(rows: T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error('The row was not stored.');
  return row;
}

/** A person in a new team, or in a given one. */
export async function makeActor(
  options: { role?: Role; teamId?: string } = {},
): Promise<Actor> {
  const role = options.role ?? 'owner';
  const teamId =
    options.teamId ??
    only(await db().insert(teams).values({ name: 'Research' }).returning()).id;
  const email = `${randomUUID()}@example.com`;
  const user = only(
    await db().insert(users).values({ email, name: 'Ada' }).returning(),
  );
  await db().insert(memberships).values({ teamId, userId: user.id, role });
  return {
    userId: user.id,
    name: user.name,
    email,
    teamId,
    teamName: 'Research',
    role,
  };
}

/** A registry of the actor's team. */
export async function makeRegistry(
  actor: Actor,
  values: Partial<typeof registries.$inferInsert> = {},
): Promise<typeof registries.$inferSelect> {
  return only(
    await db()
      .insert(registries)
      .values({
        teamId: actor.teamId,
        name: `registry-${randomUUID().slice(0, 8)}`,
        kind: 'generic',
        host: 'registry.example.com',
        namespace: 'acme',
        createdBy: actor.userId,
        ...values,
      })
      .returning(),
  );
}

/** A spec with one revision that pushes to the registry. */
export async function makeSpec(
  actor: Actor,
  registry: typeof registries.$inferSelect,
  values: { name?: string; tag?: string; platform?: string } = {},
): Promise<{
  spec: typeof imageSpecs.$inferSelect;
  revision: typeof specRevisions.$inferSelect;
}> {
  const name = values.name ?? `spec-${randomUUID().slice(0, 8)}`;
  const spec = only(
    await db()
      .insert(imageSpecs)
      .values({
        teamId: actor.teamId,
        name,
        registryId: registry.id,
        currentRevision: 1,
      })
      .returning(),
  );
  const place = [registry.host, registry.namespace]
    .filter((part) => part !== '')
    .join('/');
  const revision = only(
    await db()
      .insert(specRevisions)
      .values({
        teamId: actor.teamId,
        specId: spec.id,
        number: 1,
        fields: {
          version: 1,
          name,
          registry: place,
          ...(values.platform ? { platform: values.platform } : {}),
        },
        definitionHash: randomUUID(),
        tag: values.tag ?? randomUUID(),
        imageName: `${place}/${name}`,
        flyteId: 'flyte-id',
        flytekitVersion: '1.16.31',
        origin: 'form',
        authorId: actor.userId,
      })
      .returning(),
  );
  return { spec, revision };
}

/** A worker of the team that was seen just now and has slots enough, with the secret it signs in with. */
export async function makeWorker(
  actor: Actor,
  engine: EngineReport = READY,
  values: Partial<typeof workers.$inferInsert> = {},
): Promise<{ workerId: string; teamId: string; name: string; secret: string }> {
  const secret = randomToken();
  const row = only(
    await db()
      .insert(workers)
      .values({
        teamId: actor.teamId,
        name: `worker-${randomUUID().slice(0, 8)}`,
        secretHash: hashToken(secret),
        engine,
        lastSeenAt: new Date(),
        slots: 30,
        checkedAt: new Date(),
        ...values,
      })
      .returning(),
  );
  return { workerId: row.id, teamId: row.teamId, name: row.name, secret };
}
