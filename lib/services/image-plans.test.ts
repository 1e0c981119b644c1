import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { db } from '@/db';
import { makeActor, makeRegistry } from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import type { ImageFilter } from '@/lib/registry/image-filter';
import { fillImages } from '@/lib/services/testing/many-images';
import { imageCount, imagePage } from '@/lib/services/image-list';
import { tagPage } from '@/lib/services/repository-views';
import { wholeReads } from '@/lib/services/testing/query-plan';

const ROWS = 50_000;
const BIG = [
  'manifests',
  'tags',
  'task_images',
  'access_current',
  'index_children',
];

let actor: Actor;
let registryId: string;
let repositoryId: string;

// Two teams, each half of the rows: an index that forgets the team would read both.
beforeAll(async () => {
  for (const _ of [1, 2]) {
    actor = await makeActor();
    registryId = (await makeRegistry(actor)).id;
    repositoryId = await fillImages(actor.teamId, registryId, ROWS / 2);
  }
  await db().execute(sql`vacuum analyze`);
}, 180_000);

/** The big tables that a query reads from end to end. */
const bigReads = async (query: { toSQL(): unknown }) =>
  (await wholeReads(query)).filter((table) => BIG.includes(table));

const FILTERS: [string, () => ImageFilter][] = [
  ['nothing', () => ({})],
  ['a registry', () => ({ registry: registryId })],
  ['a repository', () => ({ repository: repositoryId })],
  ['a part of a name', () => ({ q: 'acme/etl' })],
  ['the beginning of a digest', () => ({ q: 'sha256:00ab' })],
  ['the beginning of a tag', () => ({ tag: 't1234' })],
  ['a platform', () => ({ platform: 'linux/arm64' })],
  ['a label', () => ({ label: 'org.example.n=77' })],
  ['a verdict', () => ({ verdict: 'private' })],
  ['use by tasks', () => ({ used: '1' })],
  ['being built here', () => ({ built: '1' })],
  ['being gone', () => ({ gone: 'only' })],
  ['size', () => ({ min: '100', max: '200' })],
];

describe(`with ${ROWS.toLocaleString('en')} digests in two teams`, () => {
  it.each(FILTERS)(
    'images by %s need no table from end to end',
    async (_, filter) => {
      expect(await bigReads(imagePage(actor, filter(), null, 51))).toEqual([]);
      expect(await bigReads(imageCount(actor, filter()))).toEqual([]);
    },
  );

  it('tags of a repository need no table from end to end', async () => {
    expect(await bigReads(tagPage(repositoryId, {}, 51))).toEqual([]);
    expect(await bigReads(tagPage(repositoryId, { q: 't1' }, 51))).toEqual([]);
  });
});
