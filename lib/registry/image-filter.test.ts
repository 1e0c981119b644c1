import { describe, expect, it } from 'vitest';
import { imagesHref, readImageFilter, readImageSearch } from './image-filter';

const hex = '9f3c41d2'.repeat(8);

describe('readImageSearch', () => {
  it.each([
    ['etl', { repository: 'etl' }],
    ['ghcr.io/acme/etl:1.4', { repository: 'ghcr.io/acme/etl', tag: '1.4' }],
    ['localhost:5000/acme', { repository: 'localhost:5000/acme' }],
    ['localhost:5000/acme:2', { repository: 'localhost:5000/acme', tag: '2' }],
    ['9f3c41d2', { digest: 'sha256:9f3c41d2' }],
    ['sha256:9', { digest: 'sha256:9' }],
    [`sha256:${hex}`, { digest: `sha256:${hex}` }],
    [
      `acme/etl@sha256:${hex}`,
      { repository: 'acme/etl', digest: `sha256:${hex}` },
    ],
    ['deface', { repository: 'deface' }],
    ['sha256:xyz', { repository: 'sha256', tag: 'xyz' }],
  ])('reads %s', (text, meant) => {
    expect(readImageSearch(text)).toEqual({
      repository: null,
      tag: null,
      digest: null,
      ...meant,
    });
  });
});

describe('readImageFilter', () => {
  it('reads what an address holds, and leaves out what it cannot read', () => {
    expect(
      readImageFilter({
        q: ' etl ',
        verdict: 'public',
        used: '1',
        built: 'yes',
        gone: 'only',
        min: '-1',
        max: '500',
        registry: 'x',
        platform: ['a', 'b'],
        other: 'x',
      }),
    ).toEqual({
      q: 'etl',
      verdict: 'public',
      used: '1',
      gone: 'only',
      max: '500',
    });
  });

  it('writes an address that reads as the same', () => {
    const filter = { q: 'a b&c', label: 'org.x=1', used: '1' as const };
    const search = new URL(imagesHref(filter), 'http://x').searchParams;
    expect(readImageFilter(Object.fromEntries(search))).toEqual(filter);
  });
});
