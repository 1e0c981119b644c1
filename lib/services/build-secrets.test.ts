import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { db } from '@/db';
import {
  auditEvents,
  buildSecrets,
  imageSpecs,
  specRevisions,
} from '@/db/schema';
import { makeActor, makeRegistry, makeSpec } from '@/db/testing/rows';
import { fieldErrors, reportError } from '@/lib/action';
import type { Actor } from '@/lib/auth';
import { seal } from '@/lib/crypto';
import { secretNameOf, StoreSecret } from '@/lib/imagespec/secrets';
import { log } from '@/lib/log';
import {
  deleteSecret,
  listSecrets,
  missingSecrets,
  openSecrets,
  storeSecret,
} from '@/lib/services/build-secrets';

// Characters that every escape writes differently.
const CANARY = `c4"n/ry+${randomBytes(12).toString('hex')}&%é`;
const FORMS = [
  CANARY,
  Buffer.from(CANARY).toString('base64'),
  Buffer.from(CANARY).toString('base64url'),
  Buffer.from(CANARY).toString('hex'),
  encodeURIComponent(CANARY),
  JSON.stringify(CANARY).slice(1, -1),
];

const expectHidden = (text: string) => {
  for (const form of FORMS) expect(text).not.toContain(form);
};
const everything = (value: unknown) =>
  inspect(value, {
    depth: Infinity,
    maxStringLength: Infinity,
    showHidden: true,
  });
const rejection = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );

let actor: Actor;

beforeEach(async () => {
  actor = await makeActor();
});

const store = (name = '.netrc', content = CANARY, by = actor) =>
  storeSecret(by, { name, content });
const rowsOf = (team: Actor) =>
  db().select().from(buildSecrets).where(eq(buildSecrets.teamId, team.teamId));
const notAllowed = { code: 'NOT_ALLOWED' };
const notFound = { code: 'NOT_FOUND' };

/** A spec whose only revision mounts these. */
async function makeMount(
  sources: string[],
  secretNames: Record<string, string> = {},
  by = actor,
) {
  const { spec, revision } = await makeSpec(by, await makeRegistry(by));
  await db()
    .insert(specRevisions)
    .values({
      ...revision,
      id: crypto.randomUUID(),
      number: 2,
      fields: {
        ...revision.fields,
        pip_secret_mounts: sources.map((source) => [
          source,
          `/run/secrets/${sources.indexOf(source)}`,
        ]),
      },
      secretNames,
    });
  await db()
    .update(imageSpecs)
    .set({ currentRevision: 2 })
    .where(eq(imageSpecs.id, spec.id));
  return { id: spec.id, name: spec.name };
}

/** Sealed for another place, so that it does not open. */
const sealedElsewhere = (content: string) =>
  seal(content, { table: 'build_secrets', rowId: 'x', teamId: 'y' });

const failed = (result: ReturnType<typeof StoreSecret.safeParse>) => {
  if (result.success) throw new Error('It was taken.');
  return result.error;
};

describe('the content of a secret', () => {
  it('stands sealed in its column, and opens for a build only', async () => {
    await store();
    const [row] = await rowsOf(actor);
    expect(row?.sealedContent).toMatch(/^v1:/);
    expectHidden(everything(row));
    expect(await openSecrets(actor.teamId, ['.netrc'])).toEqual(
      new Map([['.netrc', CANARY]]),
    );
  });

  it('is in no view and in no audit event', async () => {
    const { id } = await store();
    await store();
    await openSecrets(actor.teamId, ['.netrc']);
    const views = [await listSecrets(actor), { id }];
    expectHidden(everything(views));
    expect(Object.keys((await listSecrets(actor))[0] ?? {}).sort()).toEqual([
      'id',
      'lastUsedAt',
      'name',
      'specs',
      'storedAt',
      'storedBy',
    ]);
    const [secret] = await listSecrets(actor);
    await deleteSecret(actor, { secretId: secret?.id ?? '' });
    const events = await db()
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.teamId, actor.teamId));
    expect(
      events.map(({ action, subject }) => [action, subject]).sort(),
    ).toEqual([
      ['secret.delete', '.netrc'],
      ['secret.replace', '.netrc'],
      ['secret.store', '.netrc'],
    ]);
    expectHidden(everything(events));
  });

  it('is in no failure, and in no line of the log about one', async () => {
    const lines = [
      vi.spyOn(log, 'error').mockReturnValue(),
      vi.spyOn(log, 'info').mockReturnValue(),
    ];
    const member = await makeActor({ role: 'member', teamId: actor.teamId });
    const nowhere = { ...actor, teamId: crypto.randomUUID() };
    await store();
    await db()
      .update(buildSecrets)
      .set({ sealedContent: sealedElsewhere(CANARY) })
      .where(eq(buildSecrets.teamId, actor.teamId));
    const failures = [
      await rejection(store('.netrc', CANARY, member)),
      await rejection(store('.netrc', CANARY, nowhere)),
      await rejection(openSecrets(actor.teamId, ['.netrc'])),
      await rejection(openSecrets(actor.teamId, ['.netrc', 'gone'])),
    ];
    const tooLarge = StoreSecret.safeParse({
      name: 'bad name',
      content: CANARY.repeat(5000),
    });
    expect(Object.keys(fieldErrors(failed(tooLarge)))).toEqual([
      'name',
      'content',
    ]);
    expectHidden(everything(failed(tooLarge)));
    const views = failures.map((error) => reportError(error));
    expect(views.map(({ code }) => code)).toEqual([
      'NOT_ALLOWED',
      'INTERNAL',
      'CREDENTIAL_SEALED',
      'CREDENTIAL_SEALED',
    ]);
    expectHidden(everything(failures));
    expectHidden(everything(views));
    expectHidden(everything(lines.map(({ mock }) => mock.calls)));
    expect(lines[0]?.mock.calls).toHaveLength(1);
    vi.restoreAllMocks();
  });

  it('does not open in the row of another secret', async () => {
    await store();
    const { id } = await store('pip.conf', 'other');
    const [row] = await rowsOf(actor);
    await db()
      .update(buildSecrets)
      .set({ sealedContent: row?.sealedContent ?? '' })
      .where(eq(buildSecrets.id, id));
    await expect(openSecrets(actor.teamId, ['pip.conf'])).rejects.toMatchObject(
      { code: 'CREDENTIAL_SEALED' },
    );
  });
});

describe('storeSecret', () => {
  it('says who stored it and when', async () => {
    await store();
    expect(await listSecrets(actor)).toEqual([
      {
        id: expect.any(String) as string,
        name: '.netrc',
        storedBy: 'Ada',
        storedAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        lastUsedAt: null,
        specs: [],
      },
    ]);
  });

  it('replaces one of the same name with a row of its own', async () => {
    const first = await store('.netrc', 'old');
    const second = await store('.netrc', 'new');
    expect(second.id).not.toBe(first.id);
    expect((await rowsOf(actor)).map(({ id }) => id)).toEqual([second.id]);
    expect(await openSecrets(actor.teamId, ['.netrc'])).toEqual(
      new Map([['.netrc', 'new']]),
    );
  });

  it('keeps one of two that are stored under a name at once', async () => {
    const contents = ['a', 'b', 'c', 'd'];
    await Promise.all(contents.map((content) => store('.netrc', content)));
    expect(await rowsOf(actor)).toHaveLength(1);
    const opened = await openSecrets(actor.teamId, ['.netrc']);
    expect(contents).toContain(opened.get('.netrc'));
  });

  it('is for an owner', async () => {
    const member = await makeActor({ role: 'member', teamId: actor.teamId });
    await expect(store('.netrc', 'x', member)).rejects.toMatchObject(
      notAllowed,
    );
    expect(await rowsOf(actor)).toEqual([]);
  });

  it.each([
    ['', false],
    ['.', false],
    ['..', false],
    ['a/b', false],
    ['-x', false],
    ['a b', false],
    ['a\n', true],
    ['.netrc', true],
    ['pip.conf', true],
    ['x'.repeat(100), true],
    ['x'.repeat(101), false],
  ])('takes the name %j: %s', (name, isTaken) => {
    expect(StoreSecret.safeParse({ name, content: 'x' }).success).toBe(isTaken);
  });

  it.each([
    ['nothing', '', false],
    ['64 KiB', 'x'.repeat(64 * 1024), true],
    ['more than 64 KiB', 'x'.repeat(64 * 1024 + 1), false],
    ['more than 64 KiB in UTF-8', 'é'.repeat(32 * 1024 + 1), false],
  ])('takes %s as content or not', (_, content, isTaken) => {
    expect(StoreSecret.safeParse({ name: 'x', content }).success).toBe(isTaken);
  });
});

describe('deleteSecret', () => {
  it('erases the row', async () => {
    const { id } = await store();
    expect(await deleteSecret(actor, { secretId: id })).toEqual({
      name: '.netrc',
    });
    expect(await rowsOf(actor)).toEqual([]);
    await expect(deleteSecret(actor, { secretId: id })).rejects.toMatchObject(
      notFound,
    );
  });

  it('is for an owner', async () => {
    const { id } = await store();
    const member = await makeActor({ role: 'member', teamId: actor.teamId });
    await expect(deleteSecret(member, { secretId: id })).rejects.toMatchObject(
      notAllowed,
    );
    expect(await rowsOf(actor)).toHaveLength(1);
  });
});

describe('what is mounted', () => {
  it('is named with the specs of the current revision, once each', async () => {
    await store();
    await store('token');
    const both = await makeMount(['/home/me/.netrc', '.netrc', 'other']);
    const also = await makeMount(['.netrc']);
    const mapped = await makeMount(['creds/x'], { 'creds/x': 'token' });
    const archived = await makeMount(['.netrc']);
    await db()
      .update(imageSpecs)
      .set({ archivedAt: new Date() })
      .where(eq(imageSpecs.id, archived.id));
    const past = await makeMount(['.netrc']);
    await db()
      .update(imageSpecs)
      .set({ currentRevision: 1 })
      .where(eq(imageSpecs.id, past.id));
    expect(
      (await listSecrets(actor)).map(({ name, specs }) => [name, specs]),
    ).toEqual([
      ['.netrc', [both, also].sort((a, b) => (a.name < b.name ? -1 : 1))],
      ['token', [mapped]],
    ]);
  });

  it.each([
    ['token', {}, 'token'],
    ['/home/me/.netrc', {}, '.netrc'],
    ['secrets/pip.conf', { 'secrets/pip.conf': 'index' }, 'index'],
  ])('%s with %j is the secret %s', (source, names, secret) => {
    expect(secretNameOf(source, names)).toBe(secret);
  });

  it('is missing when no secret has the name', async () => {
    await store();
    expect(
      await missingSecrets(db(), actor.teamId, ['.netrc', 'b', 'a', 'b']),
    ).toEqual(['b', 'a']);
    expect(await missingSecrets(db(), actor.teamId, [])).toEqual([]);
    await expect(
      openSecrets(actor.teamId, ['.netrc', 'b']),
    ).rejects.toMatchObject({
      code: 'BUILD_SECRET_MISSING',
      message: expect.stringContaining('b') as string,
    });
  });

  it('is stamped when it is opened, and only then', async () => {
    await store();
    await store('unused');
    await openSecrets(actor.teamId, ['.netrc']);
    expect(
      (await listSecrets(actor)).map(({ name, lastUsedAt }) => [
        name,
        lastUsedAt !== null,
      ]),
    ).toEqual([
      ['.netrc', true],
      ['unused', false],
    ]);
  });
});

describe("another team's secret", () => {
  it('is not seen, not opened, not replaced and not deleted', async () => {
    const { id } = await store();
    const stranger = await makeActor();
    expect(await listSecrets(stranger)).toEqual([]);
    expect(await missingSecrets(db(), stranger.teamId, ['.netrc'])).toEqual([
      '.netrc',
    ]);
    await expect(
      openSecrets(stranger.teamId, ['.netrc']),
    ).rejects.toMatchObject({
      code: 'BUILD_SECRET_MISSING',
    });
    await expect(
      deleteSecret(stranger, { secretId: id }),
    ).rejects.toMatchObject(notFound);
    await store('.netrc', 'theirs', stranger);
    const mount = await makeMount(['.netrc'], {}, stranger);
    expect((await listSecrets(actor))[0]?.specs).toEqual([]);
    expect((await listSecrets(stranger))[0]?.specs).toEqual([mount]);
    expect(await openSecrets(actor.teamId, ['.netrc'])).toEqual(
      new Map([['.netrc', CANARY]]),
    );
  });
});
