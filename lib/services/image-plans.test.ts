import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { db } from '@/db';
import { makeActor, makeRegistry } from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import type { ImageFilter } from '@/lib/registry/image-filter';
import { fillImages } from '@/lib/services/testing/many-images';
import { imageCount, imagePage } from '@/lib/services/image-list';
import { tagPage } from '@/lib/services/repository-views';

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

type Node = { 'Node Type': string; 'Relation Name'?: string; Plans?: Node[] };

const flatten = (node: Node): Node[] => [
  node,
  ...(node.Plans ?? []).flatMap(flatten),
];

/** The big tables that a query reads from end to end. */
async function wholeReads(query: { toSQL(): unknown }): Promise<string[]> {
  const result = await db().execute<{ 'QUERY PLAN': [{ Plan: Node }] }>(
    sql`explain (format json) ${query}`,
  );
  const plan = result.rows[0]?.['QUERY PLAN'][0].Plan;
  if (!plan) throw new Error('no plan');
  return flatten(plan)
    .filter((node) => node['Node Type'] === 'Seq Scan')
    .map((node) => node['Relation Name'] ?? '')
    .filter((table) => BIG.includes(table));
}

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
      expect(await wholeReads(imagePage(actor, filter(), null, 51))).toEqual(
        [],
      );
      expect(await wholeReads(imageCount(actor, filter()))).toEqual([]);
    },
  );

  it('tags of a repository need no table from end to end', async () => {
    expect(await wholeReads(tagPage(repositoryId, {}, 51))).toEqual([]);
    expect(await wholeReads(tagPage(repositoryId, { q: 't1' }, 51))).toEqual(
      [],
    );
  });
});
