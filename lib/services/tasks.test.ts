import { and, eq, sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import {
  builds,
  accessSweeps,
  auditEvents,
  jobs,
  repositories,
  specRevisions,
  taskImages,
  tasks,
  taskVersions,
} from '@/db/schema';
import { makeActor, makeRegistry } from '@/db/testing/rows';
import { emptyDefinition } from '@/lib/imagespec/definition';
import type { Actor } from '@/lib/auth';
import type { TaskCursor } from '@/lib/build/task-search';
import type { TaskItemView } from '@/lib/build/task-views';
import type { ImportPython } from '@/lib/imagespec/inputs';
import { listRevisions } from '@/lib/services/revision-views';
import { getSpec, listSpecs } from '@/lib/services/spec-views';
import { archiveSpec, createAndBuild } from '@/lib/services/specs';
import { updateDefaults } from '@/lib/services/settings';
import { readRepositoryRow } from '@/lib/services/repositories';
import { observeTag } from '@/lib/services/tags';
import {
  countTasksOfSpec,
  getTask,
  listTasks,
  tasksOfDigest,
  tasksOfSpec,
} from '@/lib/services/task-views';
import { importPython } from '@/lib/services/tasks';

const A = `sha256:${'a'.repeat(64)}`;
const B = `sha256:${'b'.repeat(64)}`;
const HEAD = 'from flytekit import ImageSpec, task\n';

let actor: Actor;
beforeEach(async () => {
  actor = await makeActor();
  await makeRegistry(actor);
});

const file = (
  source: string,
  rest: Partial<ImportPython> = {},
): ImportPython => ({
  source: HEAD + source,
  fileName: 'workflows/train.py',
  requirements: {},
  specs: [],
  project: 'default',
  ...rest,
});

const task = (name: string, image: string) =>
  `@task(container_image=${image})\ndef ${name}(): ...\n`;

const SPEC =
  'etl = ImageSpec(name="etl", packages=["pandas"], registry="registry.example.com/acme")\n';
const PLACE = 'registry.example.com/acme/etl';

async function repositoryId(path: string): Promise<string> {
  const [row] = await db()
    .select()
    .from(repositories)
    .where(
      and(eq(repositories.teamId, actor.teamId), eq(repositories.path, path)),
    );
  if (!row) throw new Error(`no repository ${path}`);
  return row.id;
}

const see = async (id: string, tag: string, digest: string | null) => {
  const repository = await readRepositoryRow(id);
  if (!repository) throw new Error('no repository');
  return db().transaction((tx) => observeTag(tx, repository, tag, digest));
};

async function onlyImage(name = 'workflows.train.fit') {
  const { items } = await listTasks(actor);
  const image = items.find((item) => item.name === name)?.version.images[0];
  if (!image) throw new Error(`no task ${name}`);
  return image;
}

const names = (items: readonly TaskItemView[]) => items.map(({ name }) => name);

const refused = (code: string, rest: object = {}) =>
  expect.objectContaining({ code, ...rest }) as Error;

describe('importing a file', () => {
  it('saves the chosen specs and every task with how it holds its image', async () => {
    const source =
      SPEC +
      task('fit', 'etl') +
      task('load', '"ghcr.io/acme/load:1.4"') +
      task('pinned', `"ghcr.io/acme/load@${A}"`) +
      task('plain', 'None') +
      task('unknown', 'choose()') +
      task('local', 'ImageSpec(name="here")');
    const answer = await importPython(actor, file(source, { specs: ['etl'] }));
    expect(answer.tasks).toEqual({ added: 6, changed: 0, unchanged: 0 });
    expect(answer.specs).toEqual([
      expect.objectContaining({ name: 'etl', revision: 1, isNew: true }),
    ]);
    const { items } = await listTasks(actor);
    const held = items.map(({ name, version }) => [
      name.replace('workflows.train.', ''),
      version.images[0]?.binding,
      version.images[0]?.repository?.name,
      version.images[0]?.tag === null ? null : 'a tag',
      version.images[0]?.digest,
    ]);
    expect(held).toEqual([
      ['fit', 'floating', PLACE, 'a tag', null],
      ['load', 'floating', 'ghcr.io/acme/load', 'a tag', null],
      ['local', 'local', undefined, null, null],
      ['pinned', 'pinned', 'ghcr.io/acme/load', null, A],
      ['plain', 'default', 'cr.flyte.org/flyteorg/flytekit', 'a tag', null],
      ['unknown', 'unresolved', undefined, null, null],
    ]);
    expect((await onlyImage('workflows.train.unknown')).reference).toBe(
      'choose()',
    );
    expect(await onlyImage()).toMatchObject({
      checkedAt: null,
      spec: { name: 'etl', revision: 1, currentRevision: 1 },
    });
    const spec = await getSpec(actor, answer.specs[0]?.id ?? '');
    expect(spec.revision).toMatchObject({
      origin: 'python',
      imageName: PLACE,
      message: 'Read from workflows/train.py',
    });
    expect(spec.registry?.namespace).toBe('acme');
  });

  it('asks for what it names to be looked at', async () => {
    await importPython(actor, file(task('a', '"ghcr.io/acme/x:1"')));
    const rows = await db()
      .select({ kind: jobs.kind })
      .from(jobs)
      .where(eq(jobs.teamId, actor.teamId));
    expect(rows).toEqual([{ kind: 'sweep_access' }]);
    const [asked] = await db()
      .select()
      .from(accessSweeps)
      .where(eq(accessSweeps.teamId, actor.teamId));
    expect(asked).toMatchObject({ collectedAt: null });
  });

  it('saves nothing new when the same file comes again', async () => {
    const input = file(SPEC + task('fit', 'etl'), { specs: ['etl'] });
    await importPython(actor, input);
    const again = await importPython(actor, input);
    expect(again.specs).toEqual([
      expect.objectContaining({ revision: 1, isNew: false }),
    ]);
    expect(again.tasks).toEqual({ added: 0, changed: 0, unchanged: 1 });
    const [item] = (await listTasks(actor)).items;
    expect((await getTask(actor, item?.id ?? '')).versions).toHaveLength(1);
  });

  it('adds a version when the file changed, and again when it is changed back', async () => {
    const one = file(task('fit', '"ghcr.io/acme/x:1"'));
    const two = file(task('fit', '"ghcr.io/acme/x:2"'));
    for (const input of [one, two, one]) await importPython(actor, input);
    const [item] = (await listTasks(actor)).items;
    const { versions, version } = await getTask(actor, item?.id ?? '');
    expect(versions.map(({ images }) => images[0]?.tag)).toEqual([
      '1',
      '2',
      '1',
    ]);
    expect(version.id).toBe(versions[0]?.id);
    expect(version.version).toBe(versions[2]?.version);
  });

  it('makes a new revision of the spec of that name when it differs', async () => {
    const edited = SPEC.replace('pandas', 'pandas==2.2.2');
    await importPython(actor, file(SPEC, { specs: ['etl'] }));
    const { specs } = await importPython(
      actor,
      file(edited, { specs: ['etl'] }),
    );
    expect(specs).toEqual([expect.objectContaining({ revision: 2 })]);
    const { items } = await listRevisions(actor, {
      specId: specs[0]?.id ?? '',
    });
    expect(items[0]?.changes).toEqual([
      expect.objectContaining({ added: ['pandas==2.2.2'] }),
    ]);
  });

  it('takes another requirements text for another image', async () => {
    const source =
      'etl = ImageSpec(name="etl", registry="registry.example.com/acme", requirements="r.txt")\n' +
      task('fit', 'etl');
    const load = (text: string) =>
      importPython(
        actor,
        file(source, { specs: ['etl'], requirements: { 'r.txt': text } }),
      );
    expect((await load('pandas')).tasks.added).toBe(1);
    expect((await load('pandas')).tasks.unchanged).toBe(1);
    expect((await load('numpy')).tasks.changed).toBe(1);
    expect((await onlyImage()).spec).toMatchObject({ revision: 2 });
  });

  it('joins a task to its spec when that is saved later', async () => {
    const source = SPEC + task('fit', 'etl');
    await importPython(actor, file(source));
    expect((await onlyImage()).spec).toBeNull();
    const { tasks: counts } = await importPython(
      actor,
      file(source, { specs: ['etl'] }),
    );
    expect(counts.unchanged).toBe(1);
    expect((await onlyImage()).spec).toMatchObject({ name: 'etl' });
  });

  it('keeps a spec whose registry nobody here has, and joins none', async () => {
    const source = SPEC.replace('registry.example.com', 'quay.io');
    await importPython(actor, file(source, { specs: ['etl'] }));
    const { items } = await listSpecs(actor);
    expect(items).toEqual([
      expect.objectContaining({
        registry: null,
        imageName: 'quay.io/acme/etl',
      }),
    ]);
  });

  it('keeps of two functions of one name the later, as Python does', async () => {
    await importPython(
      actor,
      file(
        task('fit', '"ghcr.io/acme/x:1"') + task('fit', '"ghcr.io/acme/x:2"'),
      ),
    );
    expect((await onlyImage()).tag).toBe('2');
  });

  it('takes source text that PostgreSQL would not', async () => {
    await importPython(actor, file(task('fit', '"a\\0b"')));
    expect((await onlyImage()).binding).toBe('unresolved');
  });

  it('saves all or nothing', async () => {
    const source = SPEC + 'other = ImageSpec(name="other", cuda="12")\n';
    const input = file(source + task('fit', 'etl'), {
      specs: ['etl', 'other'],
    });
    await expect(importPython(actor, input)).rejects.toThrow(
      refused('INVALID_INPUT'),
    );
    expect((await listSpecs(actor)).items).toEqual([]);
    expect((await listTasks(actor)).items).toEqual([]);
  });

  it('refuses a chosen spec that is not in the file, is archived, or a file that is too large', async () => {
    await expect(
      importPython(actor, file('', { specs: ['etl'] })),
    ).rejects.toThrow(refused('INVALID_INPUT'));
    const { specs } = await importPython(actor, file(SPEC, { specs: ['etl'] }));
    await archiveSpec(actor, { specId: specs[0]?.id ?? '' });
    await expect(
      importPython(actor, file(SPEC, { specs: ['etl'] })),
    ).rejects.toThrow(refused('SPEC_ARCHIVED'));
    await expect(
      importPython(actor, file('#'.repeat(1024 * 1024))),
    ).rejects.toThrow(refused('PYTHON_TOO_LARGE'));
  });

  it('makes one version each when the same file is imported twice at once', async () => {
    const input = file(task('fit', '"ghcr.io/acme/x:1"'));
    await Promise.all([1, 2, 3].map(() => importPython(actor, input)));
    const rows = await db()
      .select({ id: taskVersions.id })
      .from(taskVersions)
      .innerJoin(tasks, eq(tasks.id, taskVersions.taskId))
      .where(eq(tasks.teamId, actor.teamId));
    expect(rows).toHaveLength(1);
  });
});

describe('when a tag moves', () => {
  let place: string;
  beforeEach(async () => {
    await importPython(
      actor,
      file(
        task('floating', '"ghcr.io/acme/x:1"') +
          task('pinned', `"ghcr.io/acme/x@${A}"`),
      ),
    );
    place = await repositoryId('acme/x');
    await see(place, '1', A);
  });

  const users = async (digest: string) =>
    names(await tasksOfDigest(actor, { repositoryId: place, digest }));

  it('the floating task follows and the pinned one does not', async () => {
    const both = ['workflows.train.floating', 'workflows.train.pinned'];
    expect(await users(A)).toEqual(both);
    expect(await users(B)).toEqual([]);
    const before = await db().select().from(taskImages);
    await see(place, '1', B);
    expect(await users(A)).toEqual(['workflows.train.pinned']);
    expect(await users(B)).toEqual(['workflows.train.floating']);
    expect(await db().select().from(taskImages)).toEqual(before);
  });

  it('says so from the first digest that was seen after the import', async () => {
    const floating = () => onlyImage('workflows.train.floating');
    expect(await floating()).toMatchObject({ digest: A, movedFrom: null });
    await see(place, '1', B);
    expect(await floating()).toMatchObject({ digest: B, movedFrom: A });
    await see(place, '1', A);
    expect(await floating()).toMatchObject({ digest: A, movedFrom: null });
    expect(await onlyImage('workflows.train.pinned')).toMatchObject({
      digest: A,
      movedFrom: null,
    });
  });

  it('says so from the digest that was known at the import', async () => {
    await importPython(
      actor,
      file(`# edited\n${task('floating', '"ghcr.io/acme/x:1"')}`),
    );
    await see(place, '1', B);
    expect(await onlyImage('workflows.train.floating')).toMatchObject({
      movedFrom: A,
    });
  });

  it('tells each move, newest first, with the build that made it', async () => {
    await see(place, '1', B);
    await see(place, '1', null);
    const { items } = await listTasks(actor);
    const found = items.find(({ name }) => name.endsWith('floating'));
    const { moves } = await getTask(actor, found?.id ?? '');
    expect(moves.map(({ from, to }) => [from, to])).toEqual([
      [B, null],
      [A, B],
      [null, A],
    ]);
  });

  it('counts only the newest version of a task', async () => {
    await importPython(
      actor,
      file(task('floating', '"ghcr.io/acme/y:1"') + task('pinned', 'None')),
    );
    expect(await users(A)).toEqual([]);
  });
});

describe('what a spec built', () => {
  it('is named at its tasks, the pinned ones too', async () => {
    const registryId = (await makeRegistry(actor, { namespace: 'labs' })).id;
    const {
      id,
      build: {
        builds: [started],
      },
    } = await createAndBuild(actor, {
      ...emptyDefinition,
      fields: { version: 1, name: 'ml' },
      registryId,
      message: '',
    });
    await db()
      .update(builds)
      .set({ state: 'published', digest: A })
      .where(eq(builds.id, started?.id ?? ''));
    const { revision } = await getSpec(actor, id);
    const reference = `${revision.imageName}:${revision.tag}`;
    await importPython(
      actor,
      file(
        task('by_tag', `"${reference}"`) +
          task('pinned', `"${revision.imageName}@${A}"`) +
          task('other', `"${revision.imageName}@${B}"`),
      ),
    );
    await see(await repositoryId('labs/ml'), revision.tag, A);
    const found = await tasksOfSpec(actor, id);
    expect(names(found)).toEqual([
      'workflows.train.by_tag',
      'workflows.train.pinned',
    ]);
    expect(found.map(({ version }) => version.images[0]?.build)).toEqual(
      Array(2).fill({ id: started?.id, number: started?.number }),
    );
    expect(await countTasksOfSpec(actor, id)).toBe(2);
    expect((await getSpec(actor, id)).published).toMatchObject({
      digest: A,
      revision: 1,
    });
  });
});

describe('listing', () => {
  it('goes through all tasks by name', async () => {
    await importPython(
      actor,
      file(
        ['e', 'b', 'd', 'a', 'c'].map((name) => task(name, 'None')).join(''),
      ),
    );
    const seen: string[] = [];
    let after: TaskCursor | undefined;
    do {
      const page = await listTasks(actor, { after, limit: 2 });
      seen.push(...names(page.items));
      after = page.next ?? undefined;
    } while (after);
    expect(seen.map((name) => name.at(-1))).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});

it("does not find another team's tasks", async () => {
  await importPython(
    actor,
    file(SPEC + task('fit', 'etl') + task('pinned', `"ghcr.io/acme/x@${A}"`), {
      specs: ['etl'],
    }),
  );
  const [item] = (await listTasks(actor)).items;
  const [spec] = (await listSpecs(actor)).items;
  const place = await repositoryId('acme/x');
  const stranger = await makeActor();
  await expect(getTask(stranger, item?.id ?? '')).rejects.toThrow(
    refused('NOT_FOUND'),
  );
  expect((await listTasks(stranger)).items).toEqual([]);
  expect(await tasksOfSpec(stranger, spec?.id ?? '')).toEqual([]);
  expect(
    await tasksOfDigest(stranger, { repositoryId: place, digest: A }),
  ).toEqual([]);
});

it('keeps task versions from being changed in the database itself', async () => {
  await importPython(actor, file(task('fit', 'None')));
  const [item] = (await listTasks(actor)).items;
  await expect(
    db()
      .update(taskVersions)
      .set({ version: 'another' })
      .where(eq(taskVersions.taskId, item?.id ?? '')),
  ).rejects.toThrow(
    expect.objectContaining({
      cause: expect.objectContaining({
        message: 'task_versions rows are never changed',
      }) as Error,
    }) as Error,
  );
});

describe('tasks that name no image', () => {
  const source = 'from flytekit import task\n@task\ndef a(): ...\n';
  const imageOf = async () => {
    const { items } = await listTasks(actor);
    return items[0]?.version.images[0];
  };

  it('run on flytekit’s default until the team sets another', async () => {
    await importPython(actor, file(source));
    expect(await imageOf()).toMatchObject({
      binding: 'default',
      reference: expect.stringMatching(
        /^cr\.flyte\.org\/flyteorg\/flytekit:py3\.12-1\./,
      ) as string,
      repository: { name: 'cr.flyte.org/flyteorg/flytekit' },
    });
    await updateDefaults(actor, {
      flytekitVersion: null,
      image: 'registry.example.com/labs/base:v1',
      clusterPlatforms: [],
    });
    const image = await imageOf();
    expect(image).toMatchObject({
      reference: 'registry.example.com/labs/base:v1',
      tag: 'v1',
      digest: null,
    });
    const repositoryId = image?.repository?.id ?? '';
    await see(repositoryId, 'v1', A);
    expect(await imageOf()).toMatchObject({ digest: A });
    const users = await tasksOfDigest(actor, { repositoryId, digest: A });
    expect(users).toHaveLength(1);
  });

  it('get no new version when the default changes', async () => {
    await importPython(actor, file(source));
    await updateDefaults(actor, {
      flytekitVersion: '1.15.0',
      image: null,
      clusterPlatforms: [],
    });
    expect(await importPython(actor, file(source))).toMatchObject({
      tasks: { added: 0, changed: 0, unchanged: 1 },
    });
    expect(await imageOf()).toMatchObject({
      reference: 'cr.flyte.org/flyteorg/flytekit:py3.12-1.15.0',
    });
  });
});

describe('a file that reads its environment', () => {
  const source = [
    'import os',
    'from flytekit import ImageSpec',
    'etl = ImageSpec(name="etl", registry=os.environ["REGISTRY"], env={"A": os.getenv("UNSET", "b")})',
    '',
  ].join('\n');

  it('is read with the values that are given, and keeps none but those in fields', async () => {
    const environment = {
      REGISTRY: 'ghcr.io/acme',
      UNSET: null,
      TOKEN: 'kept-nowhere',
    };
    const { specs } = await importPython(
      actor,
      file(source, { specs: ['etl'], environment }),
    );
    const { revision } = await getSpec(actor, specs[0]?.id ?? '');
    expect(revision.fields).toMatchObject({
      registry: 'ghcr.io/acme',
      env: [['A', 'b']],
    });
    const stored = await db().execute(
      sql`select ${specRevisions}::text as row from ${specRevisions} union all select ${auditEvents}::text from ${auditEvents}`,
    );
    expect(JSON.stringify(stored.rows)).not.toContain('kept-nowhere');
    expect(JSON.stringify(stored.rows)).toContain('ghcr.io/acme');
  });

  it('is refused without them', async () => {
    await expect(
      importPython(actor, file(source, { specs: ['etl'] })),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('a spec of the file on another', () => {
  const source = [
    'from flytekit import ImageSpec',
    'base = ImageSpec(name="base", registry="ghcr.io/acme", packages=["x"])',
    'child = ImageSpec(name="child", registry="ghcr.io/acme", base_image=base)',
    '',
  ].join('\n');

  it('is saved on the revision of its base', async () => {
    const answer = await importPython(
      actor,
      file(source, { specs: ['child', 'base'] }),
    );
    const idOf = (name: string) =>
      answer.specs.find((spec) => spec.name === name)?.id ?? '';
    const child = await getSpec(actor, idOf('child'));
    expect(child.revision.base).toMatchObject({
      specId: idOf('base'),
      revision: 1,
    });
    const again = await importPython(actor, file(source, { specs: ['child'] }));
    expect(again.specs).toMatchObject([{ name: 'child', isNew: false }]);
  });

  it('takes the text of the requirements that its base names', async () => {
    const named = source.replace('packages=["x"]', 'requirements="r.txt"');
    const { specs } = await importPython(
      actor,
      file(named, {
        specs: ['child', 'base'],
        requirements: { 'r.txt': 'pandas' },
      }),
    );
    const { revision } = await getSpec(actor, specs[1]?.id ?? '');
    expect(revision.baseFiles).toEqual([{ 'r.txt': 'pandas' }]);
    expect(revision.digests.base?.requirements).toMatch(/^[0-9a-f]{40}$/);
  });

  it('is refused without it', async () => {
    await expect(
      importPython(actor, file(source, { specs: ['child'] })),
    ).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('Choose that one, too') as string,
    });
  });
});
