import { describe, expect, it } from 'vitest';
import { planImport } from './import-plan';
import { readPython } from './python';

const HEAD = 'from flytekit import ImageSpec, task\n';
const DIGEST = `sha256:${'a'.repeat(64)}`;

function plan(source: string, texts: Record<string, string> = {}) {
  return planImport(readPython(HEAD + source, 'workflows/train.py'), texts);
}

const namesOf = (source: string) => plan(source).specs.map(({ name }) => name);

describe('the names of specs', () => {
  it.each([
    ['the name of its image', 'a = ImageSpec(name="Etl")', ['etl']],
    [
      'its variable when it has no name',
      'a = ImageSpec()',
      ['workflows.train.a'],
    ],
    [
      'its variable when an earlier one has the name',
      'a = ImageSpec(name="etl")\nb = ImageSpec(name="etl", packages=["x"])',
      ['etl', 'workflows.train.b'],
    ],
    [
      'its variable and a number when that is bound twice',
      'a = ImageSpec()\na = ImageSpec(packages=["x"])',
      ['workflows.train.a', 'workflows.train.a_2'],
    ],
    [
      'its task when it stands in the decorator',
      '@task(container_image=ImageSpec())\ndef fit(): ...',
      ['workflows.train.fit'],
    ],
    [
      'the name of its image although another field is unknown',
      'a = ImageSpec(name="etl", registry=unknown())',
      ['etl'],
    ],
  ])('are %s', (_, source, names) => {
    expect(namesOf(source)).toEqual(names);
  });
});

const imageOf = (argument: string, texts?: Record<string, string>) =>
  plan(`${argument}\ndef fit(): ...`, texts).tasks[0]?.image;

describe('the image of a task', () => {
  it('is that of its spec', () => {
    expect(
      imageOf(
        'a = ImageSpec(packages=["pandas"], registry="GHCR.io/Foo")\n@task(container_image=a)',
      ),
    ).toEqual({
      known: 'spec',
      index: 0,
      reference: 'ghcr.io/foo/flytekit:zK5b6Eix3ZlE83_W7enujA',
      repository: { host: 'ghcr.io', path: 'foo/flytekit' },
      tag: 'zK5b6Eix3ZlE83_W7enujA',
    });
  });

  it('has no repository when the spec has no registry, although Docker would add one', () => {
    expect(
      imageOf('a = ImageSpec(name="etl")\n@task(container_image=a)'),
    ).toMatchObject({ known: 'spec', repository: null });
  });

  it.each([
    [
      'a tag',
      'ghcr.io/acme/etl:1.4',
      { host: 'ghcr.io', path: 'acme/etl' },
      '1.4',
      null,
    ],
    [
      'no tag',
      'ghcr.io/acme/etl',
      { host: 'ghcr.io', path: 'acme/etl' },
      'latest',
      null,
    ],
    [
      'a short name',
      'python:3.12',
      { host: 'docker.io', path: 'library/python' },
      '3.12',
      null,
    ],
    [
      'a digest, whatever the tag beside it',
      `ghcr.io/acme/etl:1@${DIGEST}`,
      { host: 'ghcr.io', path: 'acme/etl' },
      null,
      DIGEST,
    ],
  ])('is a reference with %s', (_, text, repository, tag, digest) => {
    expect(imageOf(`@task(container_image="${text}")`)).toEqual({
      known: 'reference',
      reference: text,
      repository,
      tag,
      digest,
    });
  });

  it.each([
    ['@task', { known: 'default' }],
    ['@task(container_image=None)', { known: 'default' }],
    [
      '@task(container_image="{{.image.etl.fqn}}:v1")',
      { known: 'unresolved', reference: '{{.image.etl.fqn}}:v1' },
    ],
    [
      '@task(container_image="Not An Image")',
      { known: 'unresolved', reference: 'Not An Image' },
    ],
    [
      '@task(container_image=choose())',
      { known: 'unresolved', reference: 'choose()' },
    ],
    [
      'a = ImageSpec(registry=choose())\n@task(container_image=a)',
      { known: 'unresolved', reference: 'a' },
    ],
  ])('of %s is %j', (source, image) => {
    expect(imageOf(source)).toMatchObject(image);
  });
});

describe('a requirements file', () => {
  const source =
    'a = ImageSpec(name="etl", requirements="r.txt")\n@task(container_image=a)';

  it('is asked for, because the tag depends on it', () => {
    expect(plan(`${source}\ndef fit(): ...`).specs[0]).toMatchObject({
      ready: null,
      missingFile: 'r.txt',
    });
    expect(imageOf(source)).toMatchObject({ known: 'unresolved' });
  });

  it('gives the tag once its text is there', () => {
    const one = imageOf(source, { 'r.txt': 'pandas' });
    expect(one).toMatchObject({ known: 'spec' });
    expect(imageOf(source, { 'r.txt': 'numpy' })).not.toEqual(one);
  });

  it('that cannot be built is told, while the task keeps its image', () => {
    const lock = source.replace('r.txt', 'uv.lock');
    const { specs, tasks } = plan(`${lock}\ndef fit(): ...`, {
      'uv.lock': 'version = 1',
    });
    expect(specs[0]?.fault).toContain('uv.lock');
    expect(tasks[0]?.image.known).toBe('spec');
  });
});

describe('a spec whose tag the file alone does not give', () => {
  it.each([
    ['a project', 'copy=["data"]', 'copy'],
    ['loaded modules', 'source_root="."', 'LOADED_MODULES'],
  ])('is no plan, and says why: %s', (_, argument, word) => {
    const [spec] = plan(`a = ImageSpec(name="etl", ${argument})`).specs.filter(
      ({ name }) => name === 'etl',
    );
    expect(spec).toMatchObject({
      ready: null,
      fault: expect.stringContaining(word) as string,
    });
  });

  it('waits for the requirements of its base, and takes their text', () => {
    const source =
      'a = ImageSpec(name="etl", base_image=ImageSpec(requirements="r.txt"))';
    const own = (texts: Record<string, string>) =>
      plan(source, texts).specs.find(({ name }) => name === 'etl');
    expect(own({})).toMatchObject({ ready: null, missingFile: 'r.txt' });
    const [one, other] = [own({ 'r.txt': 'a' }), own({ 'r.txt': 'b' })];
    expect(one?.ready?.tag).toMatch(/^\w{22}$/);
    expect(one?.ready?.tag).not.toBe(other?.ready?.tag);
  });
});
