import { describe, expect, it } from 'vitest';
import { constructorFault } from './flytekit-rules';
import { pyDict, pyList, pyNone, pyStr, type PyValue } from './python-value';
import type { Release } from './releases/release';
import type { FlytekitFields } from './tag';

const tuple = (...items: PyValue[]): PyValue => ({ type: 'tuple', items });
const list = (...items: PyValue[]): PyValue => ({ type: 'list', items });
const ONE: PyValue = { type: 'int', text: '1' };

const LISTS = [
  'packages',
  'conda_channels',
  'conda_packages',
  'apt_packages',
  'pip_extra_index_url',
  'entrypoint',
  'commands',
  'runtime_packages',
] as const;

describe('constructorFault', () => {
  it.each([
    'localhost:30000',
    'localhost',
    'LOCALHOST:1/x',
    'ghcr.io/Acme-Org/x_y.z',
    'docker.io/flyteuser',
    '123456789012.dkr.ecr.us-east-1.amazonaws.com',
    'a_b:12345/ü/日本',
    'host:١٢',
    'ghcr.io\n',
    '',
  ])('takes the registry %j', (registry) => {
    expect(fault({ registry: pyStr(registry) })).toBeUndefined();
  });

  it.each([
    'https://ghcr.io/foo',
    'ghcr.io/foo/',
    'ghcr.io//foo',
    'invalid:port:50000',
    'ghcr.io/flyteorg:latest',
    'host:123456',
    'gh cr.io',
    'ghcr.io/a b',
    'ghcr.io\n\n',
    '/acme',
    'ghçr.io',
  ])('refuses the registry %j', (registry) => {
    const found = fault({ registry: pyStr(registry) });
    expect(found?.field).toBe('registry');
    expect(found?.message).toContain('like ghcr.io/acme or localhost:30000');
  });

  it.each(LISTS)('wants %s as a list of texts', (field) => {
    expect(fault({ [field]: pyList(['a']) })).toBeUndefined();
    expect(fault({ [field]: pyList([]) })).toBeUndefined();
    expect(fault({ [field]: pyNone })).toBeUndefined();
    for (const value of [pyStr('a'), list(ONE), tuple(pyStr('a')), pyStr('')]) {
      expect(fault({ [field]: value })).toEqual({
        field,
        message: expect.stringContaining('as a list of texts only') as string,
      });
    }
  });

  it.each<[string, PyValue, boolean]>([
    ['pairs', list(tuple(pyStr('a'), pyStr('/a'))), true],
    ['none', list(), true],
    ['None', pyNone, true],
    ['a text', pyStr('x'), false],
    ['lists, as YAML gives them', list(pyList(['a', '/a'])), false],
    ['a tuple of one', list(tuple(pyStr('a'))), false],
    ['a number', list(tuple(pyStr('a'), ONE)), false],
    ['a tuple of tuples', tuple(tuple(pyStr('a'), pyStr('/a'))), false],
  ])('judges pip_secret_mounts: %s', (_, value, isFine) => {
    expect(fault({ pip_secret_mounts: value }) === undefined).toBe(isFine);
  });

  it.each<[PyValue, boolean]>([
    [pyDict([]), true],
    [pyNone, true],
    [pyStr('a'), false],
    [pyList([]), false],
  ])('judges builder_options: %j', (value, isFine) => {
    expect(fault({ builder_options: value }) === undefined).toBe(isFine);
  });

  it.each<[string, FlytekitFields]>([
    ['a name that is a number', { name: ONE }],
    ['a name that is None', { name: pyNone }],
    ['a registry that is a number', { registry: ONE }],
  ])('refuses %s, as Python does', (_, fields) => {
    expect(fault(fields)?.field).toBe(Object.keys(fields)[0]);
  });

  it('leaves what flytekit does not look at', () => {
    const fields: FlytekitFields = {
      name: pyStr('not a name!'),
      python_version: { type: 'float', value: 3.1 },
      env: pyStr('x'),
      platform: pyStr('toaster'),
      copy: pyStr('src'),
      builder_config: pyStr('x'),
    };
    expect(fault(fields)).toBeUndefined();
  });

  it('gives the first fault in the order of the constructor', () => {
    const fields = { commands: pyStr('x'), registry: pyStr('a:b') };
    expect(fault(fields)?.field).toBe('registry');
  });

  it.each<[Release, Release, FlytekitFields]>([
    ['1.13.5', '1.13.6', { registry: pyStr('https://ghcr.io') }],
    ['1.13.1', '1.13.3', { packages: pyStr('pandas') }],
    ['1.15.3', '1.15.4', { runtime_packages: pyStr('x') }],
    ['1.14.0', '1.15.0', { pip_secret_mounts: pyStr('x') }],
    ['1.15.3', '1.15.4', { builder_options: pyStr('x') }],
  ])('knows that %s takes what %s refuses: %j', (before, since, fields) => {
    expect(constructorFault(fields, before)).toBeUndefined();
    expect(constructorFault(fields, since)).toBeDefined();
  });
});

function fault(fields: FlytekitFields) {
  return constructorFault(fields, '1.16.24');
}
