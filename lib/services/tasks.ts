import 'server-only';
import { createHash } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import { db, type Transaction } from '@/db';
import { imageSpecs } from '@/db/schema';
import { emptyDefinition } from '@/lib/imagespec/definition';
import type { Actor } from '@/lib/auth';
import type { ImportView } from '@/lib/build/task-views';
import { AppError } from '@/lib/errors';
import { type PlannedSpec, planImport } from '@/lib/imagespec/import-plan';
import type { ImportPython } from '@/lib/imagespec/inputs';
import { readPython } from '@/lib/imagespec/python';
import { MAX_PYTHON_BYTES } from '@/lib/imagespec/python-parse';
import type { SavedRevision } from '@/lib/imagespec/views';
import { audit } from '@/lib/services/audit';
import { bindDefaultImage } from '@/lib/services/default-image';
import { getDefaults } from '@/lib/services/settings';
import {
  appendRevision,
  type Draft,
  insertSpec,
} from '@/lib/services/spec-revisions';
import { storeTasks } from '@/lib/services/task-store';

/**
 * Reads a Python file again on the server, never running it, and saves the chosen specs and every task: all of it or
 * nothing. The same file again saves nothing new. Throws PYTHON_TOO_LARGE, INVALID_INPUT (a chosen spec that cannot be
 * saved), SPEC_ARCHIVED.
 */
export async function importPython(
  actor: Actor,
  input: ImportPython,
): Promise<ImportView> {
  if (Buffer.byteLength(input.source) > MAX_PYTHON_BYTES)
    throw new AppError('PYTHON_TOO_LARGE', 'The file is larger than 1 MiB.');
  const file = readPython(input.source, input.fileName);
  const plan = planImport(file, input.requirements);
  const version = createHash('sha256')
    .update(input.source)
    .digest('hex')
    .slice(0, 12);
  return db().transaction(async (tx) => {
    // Two imports at once must not both find a task missing.
    await tx.execute(
      sql`select pg_advisory_xact_lock(hashtext(${`imageyard.import.${actor.teamId}`}))`,
    );
    const specs: SavedRevision[] = [];
    for (const name of new Set(input.specs)) {
      const planned = plan.specs.find((spec) => spec.name === name);
      specs.push(await saveSpec(tx, actor, planned, input.fileName));
    }
    const source = { version, fileName: input.fileName };
    const tasks = await storeTasks(tx, actor, plan, source);
    if (plan.tasks.some(({ image }) => image.known === 'default'))
      await bindDefaultImage(tx, actor, await getDefaults(actor));
    await audit(tx, actor, {
      action: 'tasks.import',
      subject: input.fileName,
      detail: {
        version,
        specs: specs.filter(({ isNew }) => isNew).length,
        tasks: tasks.added + tasks.changed,
      },
    });
    return { version, specs, tasks };
  });
}

async function saveSpec(
  tx: Transaction,
  actor: Actor,
  planned: PlannedSpec | undefined,
  fileName: string,
): Promise<SavedRevision> {
  if (!planned?.ready || planned.fault !== null) {
    const name = planned?.name ?? 'One of the chosen specs';
    throw new AppError(
      'INVALID_INPUT',
      `${name} cannot be saved: ${planned?.fault ?? 'it could not be read in full'}`,
    );
  }
  const { spec, requirements } = planned.ready;
  const draft: Draft = {
    ...emptyDefinition,
    fields: spec,
    requirements,
    registryId: null,
    message: `Read from ${fileName}`,
    origin: 'python',
  };
  const [known] = await tx
    .select()
    .from(imageSpecs)
    .where(
      and(
        eq(imageSpecs.teamId, actor.teamId),
        eq(imageSpecs.name, planned.name),
      ),
    )
    .for('update');
  if (!known) return insertSpec(tx, actor, draft, planned.name);
  if (known.archivedAt)
    throw new AppError('SPEC_ARCHIVED', `${known.name} is archived.`);
  return appendRevision(tx, actor, known, draft, { keepsFlytekit: true });
}
