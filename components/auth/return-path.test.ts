import { expect, it } from 'vitest';
import { returnPath } from '@/components/auth/return-path';

it.each([
  ['/builds', '/builds'],
  ['/builds?state=failed&after=7', '/builds?state=failed&after=7'],
  ['/images/a%2Fb#layers', '/images/a%2Fb#layers'],
  ['/a/../builds', '/builds'],
  ['/sign-in-history', '/sign-in-history'],
])('keeps the page %s', (from, path) => {
  expect(returnPath(from)).toBe(path);
});

it.each([
  ['nothing', undefined],
  ['an empty text', ''],
  ['a list', ['/builds', '/specs']],
  ['another site', 'https://example.com/'],
  ['a host without scheme', '//example.com/builds'],
  ['a host behind a backslash', '/\\example.com'],
  ['a host behind two backslashes', '\\\\example.com'],
  ['a host behind a tab', '/\t/example.com'],
  ['a host behind a line break', '/\n/example.com'],
  ['a host behind dots', '/.//example.com'],
  ['a host behind a step up', '/a/..//example.com'],
  ['a script', 'javascript:alert(1)'],
  ['a relative path', 'builds'],
  ['the sign-in page', '/sign-in?from=/builds'],
  ['the set-up page', '/set-up'],
  ['an API route', '/api/auth/signout'],
  ['an unreadable address', '//[::1'],
])('goes home for %s', (_, from) => {
  expect(returnPath(from)).toBe('/');
});
