import { describe, expect, it } from 'vitest';
import {
  type Compared,
  newLines,
  readPreview,
  tellTag,
} from '@/components/specs/preview';
import { DEFAULT_FLYTEKIT_VERSION } from '@/lib/imagespec/defaults';
import { emptyDefinition } from '@/lib/imagespec/definition';
import { parseImageSpec } from '@/lib/imagespec/schema';

const NO_HELPERS = { uv: null, micromamba: null };
const rest = { ...emptyDefinition, project: null, below: null };
const spec = (fields: object) => parseImageSpec({ name: 'etl', ...fields });

describe('readPreview', () => {
  it('gives name, tag and Dockerfile', () => {
    const fields = parseImageSpec({
      packages: ['pandas'],
      registry: 'GHCR.io/Foo',
    });
    const reading = readPreview({ ...rest, fields }, NO_HELPERS);
    expect(reading).toMatchObject({
      ok: true,
      preview: {
        name: 'ghcr.io/foo/flytekit',
        tag: 'zK5b6Eix3ZlE83_W7enujA',
        dockerfile: expect.stringContaining(
          'FROM debian:bookworm-slim',
        ) as string,
      },
    });
  });

  it("puts the team's helper images in, without touching the tag", () => {
    const asked = { ...rest, fields: spec({}) };
    const plain = readPreview(asked, NO_HELPERS);
    const ours = readPreview(asked, {
      ...NO_HELPERS,
      uv: 'mirror.example.com/uv:1',
    });
    if (!plain.ok || !ours.ok) throw new Error('no preview');
    expect(ours.preview.dockerfile).toContain(
      'FROM mirror.example.com/uv:1 AS uv',
    );
    expect(ours.preview.tag).toBe(plain.preview.tag);
  });

  it.each([
    ['a lock file alone', { requirements: 'uv.lock' }, 'version = 1'],
    ['a file without its text', { requirements: 'r.txt' }, null],
  ])('says at which field %s is a fault', (_, fields, requirements) => {
    expect(
      readPreview({ ...rest, fields: spec(fields), requirements }, NO_HELPERS),
    ).toEqual({
      ok: false,
      errors: { requirements: expect.any(String) as string },
    });
  });
});

describe('tellTag', () => {
  const base: Compared = {
    number: 14,
    tag: 'old',
    fields: spec({ requirements: 'r.txt' }),
    pyproject: null,
    archive: null,
    requirements: 'pandas',
    flytekitVersion: DEFAULT_FLYTEKIT_VERSION,
  };
  const draft = (fields: object, tag: string) => ({
    ...base,
    fields: spec(fields),
    tag,
  });

  it.each([
    ['a first revision', draft({}, 'x'), null, 'first', undefined],
    [
      'nothing',
      draft({ requirements: 'r.txt' }, 'old'),
      base,
      'same',
      undefined,
    ],
    [
      'a field',
      draft({ requirements: 'r.txt', packages: ['a'] }, 'new'),
      base,
      'new',
      'packages',
    ],
    [
      'what the tag does not cover',
      draft({ requirements: 'other.txt' }, 'old'),
      base,
      'untouched',
      'requirements',
    ],
  ])('tells of %s', (_, asked, from, kind, field) => {
    const story = tellTag(asked, from);
    expect(story.kind).toBe(kind);
    expect('changes' in story ? story.changes[0]?.field : undefined).toBe(
      field,
    );
  });
});

describe('newLines', () => {
  it.each([
    ['nothing new', 'a\nb', 'b\na', []],
    ['a changed line', 'a\nB\nc', 'a\nb\nc', [2]],
    ['a line there twice', 'a\na', 'a', [2]],
  ])('finds %s', (_, text, before, lines) => {
    expect(newLines(text, before)).toEqual(lines);
  });
});
