import 'server-only';
import { createHash } from 'node:crypto';
import { and, desc, eq } from 'drizzle-orm';
import { db, type Transaction } from '@/db';
import { imageSpecs, specRevisions } from '@/db/schema';
import { emptyDefinition } from '@/lib/imagespec/definition';
import type { Actor } from '@/lib/auth';
import type { ImportView } from '@/lib/build/task-views';
import { AppError } from '@/lib/errors';
import { type PlannedSpec, planImport } from '@/lib/imagespec/import-plan';
import { chooseDefaultImage } from '@/lib/imagespec/default-image';
import type { ImportPython } from '@/lib/imagespec/inputs';
import { readPython } from '@/lib/imagespec/python';
import { MAX_PYTHON_BYTES } from '@/lib/imagespec/python-parse';
import type { ImageSpec } from '@/lib/imagespec/schema';
import { specId } from '@/lib/imagespec/tag';
import type { SavedRevision } from '@/lib/imagespec/views';
import { audit } from '@/lib/services/audit';
import { bindDefaultImage } from '@/lib/services/default-image';
import { ensureProject } from '@/lib/services/projects';
import { readDefaults } from '@/lib/services/settings';
import {
  appendRevision,
  type Draft,
  insertSpec,
} from '@/lib/services/spec-revisions';
import { lockTasks } from '@/lib/services/task-lock';
import { storeTasks } from '@/lib/services/task-store';

/**
 * Reads a Python file again on the server, never running it, and saves the chosen specs and every task into a project,
 * which is made when it is new: all of it or nothing. The same file again saves nothing new. Throws PYTHON_TOO_LARGE, INVALID_INPUT (a chosen spec that cannot be
 * saved), SPEC_ARCHIVED.
 */
export async function importPython(
  actor: Actor,
  input: ImportPython,
): Promise<ImportView> {
  if (Buffer.byteLength(input.source) > MAX_PYTHON_BYTES)
    throw new AppError('PYTHON_TOO_LARGE', 'The file is larger than 1 MiB.');
  const { environment = {} } = input;
  const file = readPython(input.source, input.fileName, { environment });
  const plan = planImport(file, input.requirements);
  const version = createHash('sha256')
    .update(input.source)
    .digest('hex')
    .slice(0, 12);
  return db().transaction(async (tx) => {
    await lockTasks(tx, actor.teamId);
    const { project, isNew } = await ensureProject(tx, actor, input.project);
    const specs: SavedRevision[] = [];
    const wanted = new Set(input.specs);
    const known = plan.specs.filter(({ name }) => wanted.has(name));
    // In the order of the file: a base stands before what stands on it.
    for (const planned of known)
      specs.push(await saveSpec(tx, actor, planned, input.fileName));
    if (known.length < wanted.size) unknownSpec();
    const source = { version, fileName: input.fileName };
    const tasks = await storeTasks(tx, actor, project.id, plan, source);
    if (plan.tasks.some(({ image }) => image.known === 'default')) {
      const defaults = await readDefaults(actor.teamId, tx);
      const choice = chooseDefaultImage(project.defaultImage, defaults);
      await bindDefaultImage(tx, actor.teamId, choice, [project.id]);
    }
    await audit(tx, actor, {
      action: 'tasks.import',
      subject: input.fileName,
      detail: {
        version,
        project: project.name,
        specs: specs.filter(({ isNew }) => isNew).length,
        tasks: tasks.added + tasks.changed,
      },
    });
    return {
      version,
      project: { id: project.id, name: project.name, isNew },
      specs,
      tasks,
    };
  });
}

async function saveSpec(
  tx: Transaction,
  actor: Actor,
  planned: PlannedSpec,
  fileName: string,
): Promise<SavedRevision> {
  if (!planned.ready || planned.fault !== null)
    cannotSave(planned.name, planned.fault ?? 'it could not be read in full');
  const { spec, requirements } = planned.ready;
  const draft: Draft = {
    ...emptyDefinition,
    baseRevisionId: await findBase(tx, actor, planned.name, spec),
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

/** The team's newest revision that is the base of a spec of the file, by flytekit's id of it. */
async function findBase(
  tx: Transaction,
  actor: Actor,
  name: string,
  { base_image: base }: ImageSpec,
): Promise<string | null> {
  if (typeof base !== 'object') return null;
  const [found] = await tx
    .select({ id: specRevisions.id })
    .from(specRevisions)
    .where(
      and(
        eq(specRevisions.teamId, actor.teamId),
        eq(specRevisions.flyteId, specId(base)),
      ),
    )
    .orderBy(desc(specRevisions.id))
    .limit(1);
  return (
    found?.id ??
    cannotSave(
      name,
      'its base image is a spec that is not saved. Choose that one, too',
    )
  );
}

function cannotSave(name: string, why: string): never {
  throw new AppError(
    'INVALID_INPUT',
    `${name} cannot be saved: ${why.replace(/\.$/, '')}.`,
  );
}

function unknownSpec(): never {
  cannotSave('One of the chosen specs', 'the file has none of that name');
}
