import { describe, expect, it } from 'vitest';
import {
  findRegistry,
  formatPlace,
  isInPlace,
  readRepository,
} from './covering';

const registry = (
  name: string,
  host: string,
  namespace: string,
  archivedAt: string | null = null,
) => ({ name, host, namespace, archivedAt });

describe('formatPlace', () => {
  it.each([
    [{ host: 'ghcr.io', namespace: 'acme' }, 'ghcr.io/acme'],
    [{ host: 'localhost:5000', namespace: '' }, 'localhost:5000'],
  ])('writes %j as %s', (place, text) => {
    expect(formatPlace(place)).toBe(text);
  });
});

describe('isInPlace', () => {
  const place = { host: 'ghcr.io', namespace: 'acme' };
  it.each([
    ['a repository below the namespace', 'ghcr.io', 'acme/etl', true],
    ['the namespace itself', 'ghcr.io', 'acme', true],
    ['a name that only begins alike', 'ghcr.io', 'acme-labs/etl', false],
    ['another host', 'quay.io', 'acme/etl', false],
  ])('judges %s', (_, host, path, expected) => {
    expect(isInPlace(place, { host, path })).toBe(expected);
  });
});

describe('findRegistry', () => {
  const all = [
    registry('host', 'ghcr.io', ''),
    registry('team', 'ghcr.io', 'acme'),
    registry('old', 'ghcr.io', 'acme/ml', '2026-01-01T00:00:00Z'),
    registry('gone', 'quay.io', 'acme', '2026-01-01T00:00:00Z'),
  ];
  it.each([
    ['the longest namespace', 'ghcr.io', 'acme/etl', 'team'],
    ['a live one before a longer archived one', 'ghcr.io', 'acme/ml/x', 'team'],
    ['the whole host', 'ghcr.io', 'other/etl', 'host'],
    ['an archived one when there is no other', 'quay.io', 'acme/x', 'gone'],
    ['none', 'registry.example.com', 'acme/x', undefined],
  ])('finds %s', (_, host, path, name) => {
    expect(findRegistry(all, { host, path })?.name).toBe(name);
  });
});

describe('readRepository', () => {
  it.each([
    ['ghcr.io/acme/etl', { host: 'ghcr.io', path: 'acme/etl' }],
    ['acme/etl:1', { host: 'docker.io', path: 'acme/etl' }],
    ['redis', { host: 'docker.io', path: 'library/redis' }],
    ['Not a name', null],
  ])('reads %s', (text, repository) => {
    expect(readRepository(text)).toEqual(repository);
  });
});
