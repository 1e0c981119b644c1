import { and, eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import {
  auditEvents,
  builds,
  files,
  registries,
  specRevisions,
} from '@/db/schema';
import { makeActor, makeRegistry } from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import {
  DEFAULT_FLYTEKIT_VERSION,
  DEFAULT_PLATFORM,
} from '@/lib/imagespec/defaults';
import { requirementsDigest } from '@/lib/imagespec/digests';
import type { CreateSpec, SaveRevision } from '@/lib/imagespec/inputs';
import { emptyDefinition } from '@/lib/imagespec/definition';
import { parseImageSpec } from '@/lib/imagespec/schema';
import { imageName, specId, specTag } from '@/lib/imagespec/tag';
import { getRevision, listRevisions } from '@/lib/services/revision-views';
import { adoptSpecs } from '@/lib/services/spec-registry';
import { getSpec, listSpecs, matchSpecs } from '@/lib/services/spec-views';
import {
  archiveSpec,
  createAndBuild,
  createSpec,
  restoreSpec,
  saveAndBuild,
  restoreRevision,
  saveRevision,
} from '@/lib/services/specs';
import { findTag } from '@/lib/services/tag-search';

let actor: Actor;
let registry: typeof registries.$inferSelect;

beforeEach(async () => {
  actor = await makeActor();
  registry = await makeRegistry(actor);
});

const draft = (fields: object, rest: Partial<CreateSpec> = {}): CreateSpec => ({
  fields: parseImageSpec({ name: 'etl', ...fields }),
  ...emptyDefinition,
  registryId: registry.id,
  message: '',
  ...rest,
});

async function create(fields: object = {}, rest: Partial<CreateSpec> = {}) {
  const { id } = await createSpec(actor, draft(fields, rest));
  return id;
}

const edit = (
  specId: string,
  baseRevision: number,
  fields: object,
  rest: Partial<CreateSpec> = {},
): SaveRevision => ({ ...draft(fields, rest), specId, baseRevision });

const refused = (code: string, rest: object = {}) =>
  expect.objectContaining({ code, ...rest }) as Error;

describe('createSpec', () => {
  it('computes tag, image name and id as flytekit does, with the registry written out', async () => {
    const id = await create({ packages: ['pandas'] });
    const { revision, registry: place } = await getSpec(actor, id);
    const fields = parseImageSpec({
      name: 'etl',
      packages: ['pandas'],
      registry: 'registry.example.com/acme',
    });
    expect(revision).toMatchObject({
      number: 1,
      fields,
      tag: specTag(fields, {}),
      flyteId: specId(fields),
      imageName: 'registry.example.com/acme/etl',
      flytekitVersion: DEFAULT_FLYTEKIT_VERSION,
      origin: 'form',
      author: 'Ada',
    });
    expect(`${revision.imageName}:${revision.tag}`).toBe(imageName(fields, {}));
    expect(revision.definitionHash).toMatch(/^[0-9a-f]{64}$/);
    expect(place?.id).toBe(registry.id);
  });

  it('keeps the requirements text and hashes it into the tag', async () => {
    const id = await create(
      { requirements: 'requirements.txt' },
      { requirements: 'pandas==2.2.2\n' },
    );
    const { revision } = await getSpec(actor, id);
    expect(revision.requirements).toBe('pandas==2.2.2\n');
    expect(revision.tag).toBe(
      specTag(revision.fields, {
        requirements: requirementsDigest('pandas==2.2.2'),
      }),
    );
  });

  it('stores the same text once for the team', async () => {
    const text = { requirements: 'numpy\n' };
    await create({ name: 'one', requirements: 'a.txt' }, text);
    await create({ name: 'two', requirements: 'b.txt' }, text);
    const rows = await db()
      .select()
      .from(files)
      .where(eq(files.teamId, actor.teamId));
    expect(rows).toHaveLength(1);
  });

  it.each([
    ['a file without its text', { requirements: 'r.txt' }, null],
    ['a text without its file', {}, 'pandas'],
  ])('refuses %s', async (_, fields, requirements) => {
    await expect(create(fields, { requirements })).rejects.toThrow(
      refused('SPEC_INVALID', {
        fields: { requirements: expect.any(String) as string },
      }),
    );
  });

  it('refuses a name the team has, also of an archived spec, and lets another team have it', async () => {
    const id = await create();
    await expect(create()).rejects.toThrow(
      refused('NAME_TAKEN', { fields: { name: expect.any(String) as string } }),
    );
    await archiveSpec(actor, { specId: id });
    await expect(create({ name: 'ETL' })).rejects.toThrow(
      'An archived spec is called etl.',
    );
    actor = await makeActor();
    registry = await makeRegistry(actor);
    await expect(create()).resolves.toEqual(expect.any(String));
  });

  it('lets only one of two who take a name at once have it', async () => {
    const results = await Promise.allSettled([create(), create(), create()]);
    const states = results.map(({ status }) => status).sort();
    expect(states).toEqual(['fulfilled', 'rejected', 'rejected']);
  });

  it.each([
    ['lies elsewhere', { registry: 'ghcr.io/acme' }],
    ['only begins alike', { registry: 'registry.example.com/acme-labs' }],
  ])('refuses a registry text that %s', async (_, fields) => {
    await expect(create(fields)).rejects.toThrow(
      refused('SPEC_INVALID', {
        fields: { registry: expect.any(String) as string },
      }),
    );
  });

  it('keeps a registry text below the chosen place, because it is part of the tag', async () => {
    const id = await create({ registry: 'registry.example.com/acme/ml' });
    const { revision } = await getSpec(actor, id);
    expect(revision.imageName).toBe('registry.example.com/acme/ml/etl');
  });

  it.each([
    [
      'archived',
      async () => {
        await db()
          .update(registries)
          .set({ archivedAt: new Date() })
          .where(eq(registries.id, registry.id));
      },
    ],
    [
      'of another team',
      async () => {
        registry = await makeRegistry(await makeActor());
      },
    ],
  ])('refuses a registry that is %s', async (_, change) => {
    await change();
    await expect(create()).rejects.toThrow(
      refused('SPEC_INVALID', {
        fields: { registry: expect.any(String) as string },
      }),
    );
  });

  it('finds the registry that covers the text when none was chosen', async () => {
    const text = { registry: 'registry.example.com/acme/x' };
    const id = await create(text, { registryId: null });
    expect((await getSpec(actor, id)).registry?.id).toBe(registry.id);
    const other = await create(
      { name: 'other', registry: 'ghcr.io/acme' },
      { registryId: null },
    );
    expect((await getSpec(actor, other)).registry).toBeNull();
  });
});

it('joins specs to a registry that is added later', async () => {
  const place = { registry: 'ghcr.io/acme/ml' };
  const none = { registryId: null };
  const covered = await create({ name: 'covered', ...place }, none);
  const elsewhere = await create(
    { name: 'elsewhere', registry: 'quay.io' },
    none,
  );
  const nowhere = await create({ name: 'nowhere' }, none);
  const added = await makeRegistry(actor, { host: 'ghcr.io' });
  await makeRegistry(actor, { host: 'docker.io', namespace: '' });
  await db().transaction((tx) => adoptSpecs(tx, actor.teamId));
  const owners = [covered, elsewhere, nowhere].map(
    async (id) => (await getSpec(actor, id)).registry?.id,
  );
  expect(await Promise.all(owners)).toEqual([added.id, undefined, undefined]);
  await expect(
    saveAndBuild(actor, edit(covered, 1, place, none)),
  ).resolves.toMatchObject({ id: covered });
});

describe('saveRevision', () => {
  it('adds a revision and leaves the one before as it is', async () => {
    const id = await create({ packages: ['pandas'] });
    const before = await getRevision(actor, { specId: id, number: 1 });
    const saved = await saveRevision(
      actor,
      edit(id, 1, { packages: ['pandas==2.2.2'] }, { message: 'Pin pandas' }),
    );
    expect(saved).toEqual({ id, name: 'etl', revision: 2, isNew: true });
    expect(await getRevision(actor, { specId: id, number: 1 })).toEqual(before);
    const { revision } = await getSpec(actor, id);
    expect(revision).toMatchObject({ number: 2, message: 'Pin pandas' });
    expect(revision.tag).not.toBe(before.tag);
    expect(revision.definitionHash).not.toBe(before.definitionHash);
  });

  it('makes none when nothing changed', async () => {
    const fields = { packages: ['pandas'], env: [['A', '1'] as const] };
    const id = await create(fields);
    const saved = await saveRevision(actor, edit(id, 1, fields));
    expect(saved).toMatchObject({ revision: 1, isNew: false });
    expect((await listRevisions(actor, { specId: id })).items).toHaveLength(1);
  });

  it.each([
    ['an empty list instead of none', {}, { commands: [] }],
    ['another order', { packages: ['a', 'b'] }, { packages: ['b', 'a'] }],
  ])('sees %s as a change, as the tag does', async (_, before, after) => {
    const id = await create(before);
    expect(await saveRevision(actor, edit(id, 1, after))).toMatchObject({
      revision: 2,
    });
  });

  it('sees another requirements text below the same name as a change', async () => {
    const fields = { requirements: 'r.txt' };
    const id = await create(fields, { requirements: 'one' });
    await saveRevision(actor, edit(id, 1, fields, { requirements: 'two' }));
    const { items } = await listRevisions(actor, { specId: id });
    expect(items[0]?.changes).toEqual([
      { field: 'requirements', removed: [], added: [], note: 'another text' },
    ]);
  });

  it('refuses to write over a revision that somebody else saved, and names it', async () => {
    const id = await create();
    const eve = await makeActor({ teamId: actor.teamId, role: 'member' });
    await saveRevision(eve, edit(id, 1, { packages: ['numpy'] }));
    await expect(
      saveRevision(actor, edit(id, 1, { packages: ['pandas'] })),
    ).rejects.toThrow(
      refused('CONFLICT', {
        message: 'Revision 2 of etl was saved after you began from revision 1.',
      }),
    );
    expect((await getSpec(actor, id)).revision.number).toBe(2);
  });

  it('lets one of two who save at once through', async () => {
    const id = await create();
    const results = await Promise.allSettled(
      ['a', 'b', 'c'].map((name) =>
        saveRevision(actor, edit(id, 1, { packages: [name] })),
      ),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(
      1,
    );
    expect((await getSpec(actor, id)).revision.number).toBe(2);
  });

  it('is no conflict when both asked for the same', async () => {
    const id = await create();
    await saveRevision(actor, edit(id, 1, { packages: ['numpy'] }));
    expect(
      await saveRevision(actor, edit(id, 1, { packages: ['numpy'] })),
    ).toMatchObject({ revision: 2, isNew: false });
  });

  it('moves the spec to another registry', async () => {
    const id = await create();
    const other = await makeRegistry(actor, { namespace: 'labs' });
    await saveRevision(actor, edit(id, 1, {}, { registryId: other.id }));
    const spec = await getSpec(actor, id);
    expect(spec.registry?.id).toBe(other.id);
    expect(spec.revision.imageName).toBe('registry.example.com/labs/etl');
  });

  it('renames the spec with its image', async () => {
    const id = await create();
    await create({ name: 'taken' });
    await expect(
      saveRevision(actor, edit(id, 1, { name: 'taken' })),
    ).rejects.toThrow(refused('NAME_TAKEN'));
    await saveRevision(actor, edit(id, 1, { name: 'Etl-2' }));
    const spec = await getSpec(actor, id);
    expect(spec.name).toBe('etl-2');
    expect(spec.revision.imageName).toBe('registry.example.com/acme/etl-2');
  });

  it('writes down who did it', async () => {
    const id = await create();
    await saveRevision(actor, edit(id, 1, { packages: ['numpy'] }));
    const rows = await db()
      .select()
      .from(auditEvents)
      .where(
        and(
          eq(auditEvents.teamId, actor.teamId),
          eq(auditEvents.subjectId, id),
        ),
      )
      .orderBy(auditEvents.id);
    expect(rows.map(({ action, userId }) => [action, userId])).toEqual([
      ['spec.create', actor.userId],
      ['spec.revise', actor.userId],
    ]);
  });
});

it('keeps revisions from being changed in the database itself', async () => {
  const id = await create();
  const change = db()
    .update(specRevisions)
    .set({ tag: 'another' })
    .where(eq(specRevisions.specId, id));
  await expect(change).rejects.toThrow(
    expect.objectContaining({
      cause: expect.objectContaining({
        message: 'spec_revisions rows are never changed',
      }) as Error,
    }),
  );
});

describe('saving and building', () => {
  it('creates a spec and queues its build', async () => {
    const { id, build } = await createAndBuild(actor, draft({}));
    const [row] = await db()
      .select()
      .from(builds)
      .where(eq(builds.id, build.builds[0]?.id ?? ''));
    expect(row).toMatchObject({
      specId: id,
      state: 'queued',
      platform: DEFAULT_PLATFORM,
      number: 1,
    });
  });

  it('builds the revision it saved, and gives the same build when nothing changed', async () => {
    const id = await create();
    const changed = edit(id, 1, { packages: ['numpy'] });
    await saveAndBuild(actor, changed);
    await saveAndBuild(actor, changed);
    const { items } = await listSpecs(actor);
    expect(items[0]).toMatchObject({
      revision: 2,
      lastBuild: { number: 1, state: 'queued', revision: 2 },
    });
  });

  it('saves nothing when the image has nowhere to go', async () => {
    const nowhere = draft({ registry: 'ghcr.io/acme' }, { registryId: null });
    await expect(createAndBuild(actor, nowhere)).rejects.toThrow(
      refused('SPEC_INVALID', {
        fields: { registry: expect.any(String) as string },
      }),
    );
    expect((await listSpecs(actor)).items).toEqual([]);
  });
});

describe('archiving', () => {
  it('hides a spec, keeps it from being edited, and can be undone', async () => {
    const id = await create();
    await archiveSpec(actor, { specId: id });
    await archiveSpec(actor, { specId: id });
    expect((await listSpecs(actor)).items).toEqual([]);
    expect(
      (await listSpecs(actor, { isArchived: true })).items.map(
        (spec) => spec.id,
      ),
    ).toEqual([id]);
    await expect(
      saveAndBuild(actor, edit(id, 1, { packages: ['numpy'] })),
    ).rejects.toThrow(refused('SPEC_ARCHIVED'));
    await restoreSpec(actor, { specId: id });
    expect((await listSpecs(actor)).items).toHaveLength(1);
  });
});

describe('listing', () => {
  it('goes through all specs by key, newest first', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await create({ name });
    const names: string[] = [];
    let before: string | undefined;
    do {
      const page = await listSpecs(actor, { before, limit: 2 });
      names.push(...page.items.map(({ name }) => name));
      before = page.next ?? undefined;
    } while (before);
    expect(names).toEqual(['e', 'd', 'c', 'b', 'a']);
  });

  it('goes through revisions, each told against the one before it', async () => {
    const id = await create();
    for (const [index, packages] of [['a'], ['a', 'b'], ['b']].entries())
      await saveRevision(actor, edit(id, index + 1, { packages }));
    const first = await listRevisions(actor, { specId: id, limit: 2 });
    expect(
      first.items.map(({ number, changes }) => [number, changes?.[0]?.added]),
    ).toEqual([
      [4, []],
      [3, ['b']],
    ]);
    const rest = await listRevisions(actor, {
      specId: id,
      before: first.next ?? 0,
    });
    expect(rest.items.map(({ number, changes }) => [number, changes])).toEqual([
      [
        2,
        [
          expect.objectContaining({
            field: 'packages',
            added: ['a'],
          }) as object,
        ],
      ],
      [1, null],
    ]);
    expect(rest.next).toBeNull();
  });

  it('finds specs by name, archived ones too', async () => {
    const id = await create();
    await archiveSpec(actor, { specId: id });
    expect(await matchSpecs(actor, ['etl', 'none'])).toEqual([
      expect.objectContaining({ id, name: 'etl', isArchived: true }),
    ]);
    expect(await matchSpecs(actor, [])).toEqual([]);
  });
});

it("does not find another team's spec", async () => {
  const id = await create();
  const stranger = await makeActor();
  const missing = refused('NOT_FOUND');
  await expect(getSpec(stranger, id)).rejects.toThrow(missing);
  await expect(
    getRevision(stranger, { specId: id, number: 1 }),
  ).rejects.toThrow(missing);
  await expect(listRevisions(stranger, { specId: id })).rejects.toThrow(
    missing,
  );
  await expect(saveRevision(stranger, edit(id, 1, {}))).rejects.toThrow(
    missing,
  );
  await expect(saveAndBuild(stranger, edit(id, 1, {}))).rejects.toThrow(
    missing,
  );
  await expect(archiveSpec(stranger, { specId: id })).rejects.toThrow(missing);
  await expect(restoreSpec(stranger, { specId: id })).rejects.toThrow(missing);
  expect((await listSpecs(stranger)).items).toEqual([]);
  expect(await matchSpecs(stranger, ['etl'])).toEqual([]);
});

describe('findTag', () => {
  it('finds the revisions of a tag, by itself or within a reference, of the own team', async () => {
    const id = await create({ packages: ['pandas'] });
    await saveRevision(actor, edit(id, 1, { packages: ['numpy'] }));
    const { revision } = await getSpec(actor, id);
    const image = `${revision.imageName}:${revision.tag}`;
    const expected = [{ specId: id, number: 2, image }];
    for (const text of [revision.tag, image, ` ${image}@sha256:0 `]) {
      expect(await findTag(actor, text)).toMatchObject(expected);
    }
    expect(await findTag(actor, `other/name:${revision.tag}`)).toEqual([]);
    expect(await findTag(await makeActor(), revision.tag)).toEqual([]);
    expect(await findTag(actor, '')).toEqual([]);
  });
});

describe('restoreRevision', () => {
  it('saves an earlier revision again as the newest', async () => {
    const id = await create(
      { packages: ['pandas'], requirements: 'r.txt' },
      { requirements: 'numpy' },
    );
    const first = (await getSpec(actor, id)).revision;
    await saveRevision(actor, edit(id, 1, { packages: ['other'] }));
    const restored = { specId: id, number: 1, baseRevision: 2 };
    expect(await restoreRevision(actor, restored)).toMatchObject({
      revision: 3,
      isNew: true,
    });
    const { revision } = await getSpec(actor, id);
    expect(revision).toMatchObject({
      tag: first.tag,
      definitionHash: first.definitionHash,
      fields: first.fields,
      requirements: 'numpy',
      message: 'Restored from revision 1',
    });
    await expect(
      restoreRevision(actor, { ...restored, number: 2 }),
    ).rejects.toThrow(refused('CONFLICT'));
  });
});
