import { beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import { makeActor } from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import { collectWatches } from '@/lib/services/access-collection';
import { listAlerts } from '@/lib/services/alerts';
import {
  ensureRepository,
  type RepositoryRow,
} from '@/lib/services/repositories';
import { observeTag } from '@/lib/services/tags';
import { getTask, listTasks } from '@/lib/services/task-views';
import { importPython } from '@/lib/services/tasks';

const [A, B, C] = ['a', 'b', 'c'].map((hex) => `sha256:${hex.repeat(64)}`);

let actor: Actor;
let repository: RepositoryRow;

beforeEach(async () => {
  actor = await makeActor();
  repository = await ensureRepository(
    db(),
    actor.teamId,
    'registry.example.com/acme/etl',
  );
});

/** A file with one task on the tag. */
const load = (file: string, tag = 'v1') =>
  importPython(actor, {
    source: `from flytekit import task\n@task(container_image="registry.example.com/acme/etl:${tag}")\ndef fit(): ...\n`,
    fileName: `${file}.py`,
    requirements: {},
    specs: [],
    project: 'flow',
  });
const pointTo = (digest: string | null = null) =>
  db().transaction((tx) => observeTag(tx, repository, 'v1', digest));
const collect = () => collectWatches(actor.teamId);
const standing = async () =>
  (await listAlerts(actor)).items.map(({ detail }) =>
    detail.kind === 'tag_moved' ? [detail.from, detail.to] : detail.kind,
  );

async function moved(...files: string[]) {
  await pointTo(A);
  for (const file of files) await load(file);
  await collect();
  await pointTo(B);
  await collect();
  expect(await standing()).toEqual([[A, B]]);
}

describe('the alert on a moved tag', () => {
  it('is over when the tag points back', async () => {
    await moved('one');
    await pointTo(A);
    expect(await standing()).toEqual([]);
  });

  it('keeps what the tag was at first, over several moves and while it is gone', async () => {
    await moved('one');
    await pointTo(C);
    expect(await standing()).toEqual([[A, C]]);
    await pointTo(null);
    await collect();
    expect(await standing()).toEqual([[A, null]]);
    await pointTo(B);
    expect(await standing()).toEqual([[A, B]]);
    await pointTo(A);
    expect(await standing()).toEqual([]);
  });

  it('is over when every task on the tag was imported again, and not before', async () => {
    await moved('one', 'two');
    await load('one');
    await collect();
    expect(await standing()).toEqual([[A, B]]);
    await load('two');
    await collect();
    expect(await standing()).toEqual([]);
    const [item] = (await listTasks(actor)).items;
    const { versions } = await getTask(actor, item?.id ?? '');
    expect(versions).toMatchObject([{ images: [{ movedFrom: null }] }]);
  });

  it('is over when nothing stands on the tag any more', async () => {
    await moved('one');
    await load('one', 'v2');
    await collect();
    expect(await standing()).toEqual([]);
  });

  it('stands while the tag is gone, also after an import', async () => {
    await moved('one');
    await pointTo(null);
    await load('one');
    await collect();
    expect(await standing()).toEqual([[A, null]]);
  });

  it('of another team is left alone', async () => {
    await moved('one');
    await collectWatches((await makeActor()).teamId);
    expect(await standing()).toEqual([[A, B]]);
  });
});
