import { describe, expect, it } from 'vitest';
import { readPython } from './python';
import type { Environment } from './python-environment';

const SOURCE = `import os
from flytekit import ImageSpec
REGISTRY = os.environ["REGISTRY"]
a = ImageSpec(
    name="a",
    registry=f"{REGISTRY}/{os.getenv('TEAM', 'acme')}",
    cuda=os.environ.get("CUDA"),
)
`;

const read = (environment: Environment) =>
  readPython(SOURCE, 'a.py', { environment });

describe('the variables that a file reads', () => {
  it('are named with what holds without them, without any value given', () => {
    const { variables, specs } = read({});
    expect(variables).toEqual([
      { name: 'REGISTRY', default: null, line: 3 },
      { name: 'CUDA', default: { type: 'none' }, line: 7 },
    ]);
    expect(specs[0]?.spec).toBeUndefined();
  });

  it('stay named while they are filled in, with those behind them', () => {
    const names = read({ REGISTRY: 'ghcr.io', TEAM: 'x' }).variables.map(
      ({ name }) => name,
    );
    expect(names).toEqual(['REGISTRY', 'TEAM', 'CUDA']);
  });

  it('are taken as given, or as not set', () => {
    const values = { REGISTRY: 'ghcr.io', TEAM: null, CUDA: null };
    expect(read(values).specs[0]?.spec).toMatchObject({
      name: 'a',
      registry: 'ghcr.io/acme',
    });
  });

  it.each([
    ['one without a default is not set', { REGISTRY: null }],
    ['one is left out', { TEAM: 'x', CUDA: '12' }],
  ])('leave the spec open when %s', (_title, environment) => {
    const [spec] = read(environment).specs;
    expect(spec?.spec).toBeUndefined();
    expect(spec?.problems).toContainEqual(
      expect.objectContaining({ field: 'registry' }),
    );
  });

  it('are never those of this process, nor names every object has', () => {
    process.env.REGISTRY = 'of-this-process';
    try {
      expect(JSON.stringify(read({}))).not.toContain('of-this-process');
      const source = SOURCE.replaceAll('REGISTRY', 'constructor');
      expect(readPython(source, 'a.py').specs[0]?.spec).toBeUndefined();
    } finally {
      delete process.env.REGISTRY;
    }
  });
});
