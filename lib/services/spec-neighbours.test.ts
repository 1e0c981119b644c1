import { beforeEach, describe, expect, it } from 'vitest';
import { makeActor, makeRegistry } from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import { emptyDefinition } from '@/lib/imagespec/definition';
import { parseImageSpec } from '@/lib/imagespec/schema';
import { listFormattedTags } from '@/lib/services/spec-neighbours';
import { archiveSpec, createSpec } from '@/lib/services/specs';

let actor: Actor;

beforeEach(async () => {
  actor = await makeActor();
});

async function create(name: string, fields: object): Promise<string> {
  const registry = await makeRegistry(actor, { namespace: name });
  const { id } = await createSpec(actor, {
    fields: parseImageSpec({ name, ...fields }),
    ...emptyDefinition,
    registryId: registry.id,
    message: '',
  });
  return id;
}

describe('listFormattedTags', () => {
  it('gives the live specs of the team whose tags have a format', async () => {
    await create('plain', {});
    const fixed = await create('fixed', { tag_format: 'v1' });
    const gone = await create('gone', { tag_format: 'v2' });
    await archiveSpec(actor, { specId: gone });
    const found = await listFormattedTags(actor);
    expect(found.map(({ specId, spec }) => [specId, spec.tag_format])).toEqual([
      [fixed, 'v1'],
    ]);
    expect(await listFormattedTags(await makeActor())).toEqual([]);
  });
});
