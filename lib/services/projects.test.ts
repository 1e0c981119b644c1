import { and, asc, eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import { auditEvents, jobs, projects } from '@/db/schema';
import { makeActor } from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import type { TaskCursor } from '@/lib/build/task-search';
import { checkProjectImage } from '@/lib/services/default-image-views';
import {
  createProject,
  deleteProject,
  renameProject,
  setProjectImage,
} from '@/lib/services/projects';
import {
  getProject,
  listProjectNames,
  listProjects,
} from '@/lib/services/project-views';
import { updateDefaults } from '@/lib/services/settings';
import { readRepositoryRow } from '@/lib/services/repositories';
import { observeTag } from '@/lib/services/tags';
import { getTask, listTasks, tasksOfDigest } from '@/lib/services/task-views';
import { importPython } from '@/lib/services/tasks';

const A = `sha256:${'a'.repeat(64)}`;
const OWN = 'registry.example.com/ml/base:v1';
const TEAM = 'registry.example.com/team/base:v2';
const FLYTEKIT = /^cr\.flyte\.org\/flyteorg\/flytekit:py3\.12-1\.16\./;

let actor: Actor;
beforeEach(async () => {
  actor = await makeActor();
});

const load = (project: string, names = ['a'], by = actor) =>
  importPython(by, {
    source: `from flytekit import task\n${names.map((name) => `@task\ndef ${name}(): ...\n`).join('')}`,
    fileName: 'flow.py',
    requirements: {},
    specs: [],
    project,
  });

const setTeam = (image: string | null) =>
  updateDefaults(actor, { flytekitVersion: null, image, clusterPlatforms: [] });

/** Project → what its first task runs on, and who says so. */
async function held(): Promise<Record<string, unknown>> {
  const { items } = await listTasks(actor);
  return Object.fromEntries(
    items.map(({ project, version }) => [
      project.name,
      [version.images[0]?.reference, version.images[0]?.defaultFrom],
    ]),
  );
}

const deeds = async () =>
  (
    await db()
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.teamId, actor.teamId))
      .orderBy(asc(auditEvents.id))
  ).map(({ action, subject, detail }) => [action, subject, detail]);

const refused = (code: string, rest: object = {}) =>
  expect.objectContaining({ code, ...rest }) as Error;

describe('importing into a project', () => {
  it('needs nothing made first, and makes the project once', async () => {
    const first = await load('default');
    expect(first.project).toMatchObject({ name: 'default', isNew: true });
    const again = await load('default');
    expect(again.project).toEqual({ ...first.project, isNew: false });
    expect(again.tasks).toEqual({ added: 0, changed: 0, unchanged: 1 });
    expect((await deeds()).map(([action]) => action)).toEqual([
      'project.create',
      'tasks.import',
      'tasks.import',
    ]);
  });

  it('a member may, into a new one too', async () => {
    const member = await makeActor({ role: 'member', teamId: actor.teamId });
    await load('new', ['a'], member);
    await expect(createProject(member, { name: 'other' })).resolves.toEqual({
      id: expect.any(String) as string,
    });
  });

  it('keeps the same name in two projects apart', async () => {
    await load('one');
    const { tasks, project } = await load('two');
    expect(tasks.added).toBe(1);
    const { items } = await listTasks(actor);
    expect(items.map(({ name }) => name)).toEqual(['flow.a', 'flow.a']);
    const [only] = (await listTasks(actor, { projectId: project.id })).items;
    expect(only?.project).toEqual({ id: project.id, name: 'two' });
    expect((await getTask(actor, only?.id ?? '')).project.name).toBe('two');
  });

  it('pages through tasks of the same names, each once', async () => {
    for (const name of ['one', 'two', 'three']) await load(name, ['a', 'b']);
    const seen: string[] = [];
    let after: TaskCursor | undefined;
    do {
      const page = await listTasks(actor, { after, limit: 2 });
      seen.push(...page.items.map(({ id }) => id));
      after = page.next ?? undefined;
    } while (after);
    expect(new Set(seen).size).toBe(6);
    expect(seen).toHaveLength(6);
  });

  it('makes one project when two imports name a new one at once', async () => {
    await Promise.all([1, 2, 3].map(() => load('new')));
    expect(await listProjectNames(actor)).toHaveLength(1);
  });
});

describe('the default image', () => {
  const ids: Record<string, string> = {};
  beforeEach(async () => {
    for (const name of ['with', 'without'])
      ids[name] = (await load(name)).project.id;
  });
  const set = (name: string, image: string | null) =>
    setProjectImage(actor, { projectId: ids[name] ?? '', image });

  it("is the project's, else the team's, else flytekit's", async () => {
    const flytekit = [expect.stringMatching(FLYTEKIT), 'flytekit'];
    expect(await held()).toEqual({ with: flytekit, without: flytekit });
    await set('with', OWN);
    expect(await held()).toEqual({
      with: [OWN, 'project'],
      without: flytekit,
    });
    await setTeam(TEAM);
    expect(await held()).toEqual({
      with: [OWN, 'project'],
      without: [TEAM, 'team'],
    });
    await set('with', null);
    expect(await held()).toMatchObject({ with: [TEAM, 'team'] });
    await setTeam(null);
    expect(await held()).toEqual({ with: flytekit, without: flytekit });
  });

  it('holds for what is imported later', async () => {
    await set('with', OWN);
    await load('with', ['b']);
    const { items } = await listTasks(actor, { projectId: ids.with ?? '' });
    expect(items.map(({ version }) => version.images[0]?.reference)).toEqual([
      OWN,
      OWN,
    ]);
  });

  it('is the same whichever of an import and a change comes first', async () => {
    await Promise.all([
      load('with', ['b', 'c']),
      set('with', OWN),
      load('with', ['d']),
    ]);
    const { items } = await listTasks(actor, { projectId: ids.with ?? '' });
    expect(items).toHaveLength(4);
    expect(
      new Set(items.map(({ version }) => version.images[0]?.reference)),
    ).toEqual(new Set([OWN]));
  });

  it('is an image like any other: digest, page, tasks', async () => {
    await set('with', OWN);
    const before = await getProject(actor, ids.with ?? '');
    expect(before).toMatchObject({
      ownImage: OWN,
      otherwise: { from: 'flytekit' },
      taskCount: 1,
      defaultCount: 1,
      image: {
        reference: OWN,
        from: 'project',
        tag: 'v1',
        digest: null,
        lookedAt: null,
        access: null,
      },
    });
    expect(before.defaultTasks.map(({ name }) => name)).toEqual(['flow.a']);
    const repositoryId = before.image.repositoryId ?? '';
    const repository = await readRepositoryRow(repositoryId);
    if (!repository) throw new Error('no repository');
    await db().transaction((tx) => observeTag(tx, repository, 'v1', A));
    const { image } = await getProject(actor, ids.with ?? '');
    expect(image.digest).toBe(A);
    expect(image.lookedAt).not.toBeNull();
    const [user] = await tasksOfDigest(actor, { repositoryId, digest: A });
    expect(user).toMatchObject({
      name: 'flow.a',
      project: { name: 'with' },
      version: { images: [{ binding: 'default', defaultFrom: 'project' }] },
    });
  });

  it('that somebody set is looked at soon, its tag and its access', async () => {
    await set('with', OWN);
    const rows = await db()
      .select({ kind: jobs.kind, payload: jobs.payload })
      .from(jobs)
      .where(eq(jobs.teamId, actor.teamId));
    const { image } = await getProject(actor, ids.with ?? '');
    expect(rows).toEqual(
      expect.arrayContaining([
        { kind: 'sweep_access', payload: {} },
        {
          kind: 'check_access',
          payload: {
            repositoryId: image.repositoryId,
            reference: ':v1',
            platform: 'linux/amd64',
          },
        },
      ]),
    );
  });

  it('may be pinned', async () => {
    await set('with', `registry.example.com/ml/base@${A}`);
    expect((await getProject(actor, ids.with ?? '')).image).toMatchObject({
      tag: null,
      digest: A,
    });
    const { items } = await listTasks(actor, { projectId: ids.with ?? '' });
    expect(items[0]?.version.images[0]).toMatchObject({
      binding: 'default',
      digest: A,
      movedFrom: null,
    });
  });

  it('that cannot be asked for is told as a verdict, not thrown', async () => {
    await set('with', 'localhost:1/none/base:v1');
    const image = await checkProjectImage(actor, { projectId: ids.with ?? '' });
    expect(image.access?.verdict).toBe('blocked_by_policy');
    expect(image.digest).toBeNull();
  });

  it('shows in the list, once looked up for projects that share it', async () => {
    await set('with', OWN);
    const { items } = await listProjects(actor);
    expect(
      items.map(({ name, taskCount, image }) => [name, taskCount, image.from]),
    ).toEqual([
      ['with', 1, 'project'],
      ['without', 1, 'flytekit'],
    ]);
  });

  it('is changed by an owner only', async () => {
    const member = await makeActor({ role: 'member', teamId: actor.teamId });
    const projectId = ids.with ?? '';
    await expect(
      setProjectImage(member, { projectId, image: OWN }),
    ).rejects.toThrow(refused('NOT_ALLOWED'));
    await expect(
      renameProject(member, { projectId, name: 'x' }),
    ).rejects.toThrow(refused('NOT_ALLOWED'));
    await expect(deleteProject(member, { projectId })).rejects.toThrow(
      refused('NOT_ALLOWED'),
    );
  });
});

describe('managing projects', () => {
  it('refuses a name that is taken, at its field', async () => {
    const taken = refused('NAME_TAKEN', {
      fields: { name: expect.any(String) as string },
    });
    await createProject(actor, { name: 'one' });
    const { id } = await createProject(actor, { name: 'two' });
    await expect(createProject(actor, { name: 'one' })).rejects.toThrow(taken);
    await expect(
      renameProject(actor, { projectId: id, name: 'one' }),
    ).rejects.toThrow(taken);
    await renameProject(actor, { projectId: id, name: 'two' });
  });

  it('keeps the tasks of a renamed project', async () => {
    const { project } = await load('one');
    await renameProject(actor, { projectId: project.id, name: 'other' });
    const { tasks } = await load('other');
    expect(tasks.unchanged).toBe(1);
  });

  it('deletes an empty project, and refuses one with tasks', async () => {
    const { project } = await load('full');
    await expect(
      deleteProject(actor, { projectId: project.id }),
    ).rejects.toThrow(refused('PROJECT_NOT_EMPTY'));
    const { id } = await createProject(actor, { name: 'empty' });
    await deleteProject(actor, { projectId: id });
    expect((await listProjectNames(actor)).map(({ name }) => name)).toEqual([
      'full',
    ]);
  });

  it('notes who created, renamed, changed and deleted', async () => {
    const { id: projectId } = await createProject(actor, { name: 'one' });
    await renameProject(actor, { projectId, name: 'two' });
    await setProjectImage(actor, { projectId, image: OWN });
    await deleteProject(actor, { projectId });
    expect(await deeds()).toEqual([
      ['project.create', 'one', {}],
      ['project.rename', 'two', { from: 'one' }],
      ['project.default_image', 'two', { image: OWN, from: 'project' }],
      ['project.delete', 'two', {}],
    ]);
  });

  it('goes through all projects by name', async () => {
    for (const name of ['c', 'a', 'b']) await createProject(actor, { name });
    const first = await listProjects(actor, { limit: 2 });
    expect(first.items.map(({ name }) => name)).toEqual(['a', 'b']);
    const next = await listProjects(actor, {
      limit: 2,
      after: first.next ?? '',
    });
    expect(next.items.map(({ name }) => name)).toEqual(['c']);
    expect(next.next).toBeNull();
  });
});

it("does not find another team's project, nor change what it holds", async () => {
  const { project } = await load('mine');
  const projectId = project.id;
  const stranger = await makeActor();
  const missing = refused('NOT_FOUND');
  await expect(getProject(stranger, projectId)).rejects.toThrow(missing);
  await expect(
    setProjectImage(stranger, { projectId, image: OWN }),
  ).rejects.toThrow(missing);
  await expect(
    renameProject(stranger, { projectId, name: 'x' }),
  ).rejects.toThrow(missing);
  await expect(deleteProject(stranger, { projectId })).rejects.toThrow(missing);
  await expect(checkProjectImage(stranger, { projectId })).rejects.toThrow(
    missing,
  );
  expect((await listTasks(stranger, { projectId })).items).toEqual([]);
  expect((await listProjects(stranger)).items).toEqual([]);
  expect(await listProjectNames(stranger)).toEqual([]);
  await updateDefaults(stranger, {
    flytekitVersion: null,
    image: TEAM,
    clusterPlatforms: [],
  });
  const { project: theirs } = await load('mine', ['a'], stranger);
  expect(theirs.id).not.toBe(projectId);
  expect(await held()).toEqual({
    mine: [expect.stringMatching(FLYTEKIT), 'flytekit'],
  });
  expect(
    await db()
      .select()
      .from(projects)
      .where(and(eq(projects.teamId, actor.teamId), eq(projects.name, 'mine'))),
  ).toMatchObject([{ id: projectId, defaultImage: null }]);
});
