import { expect, it } from 'vitest';
import {
  buildsHref,
  groupOf,
  readBuildPage,
  readBuildSearch,
  STATE_GROUPS,
  statesOf,
} from '@/lib/build/list-filter';
import { BUILD_STATES } from '@/lib/build/state';

const ID = '0b7ab2a0-5f0e-7c3a-9f7e-3a1d2c4b5e6f';

it('puts each state into exactly one group', () => {
  const grouped = STATE_GROUPS.flatMap((group) => [...statesOf(group)]);
  expect(grouped.toSorted()).toEqual([...BUILD_STATES].toSorted());
  for (const group of STATE_GROUPS)
    for (const state of statesOf(group)) expect(groupOf(state)).toBe(group);
});

it('reads back the address it writes', () => {
  const page = {
    state: 'failed',
    spec: ID,
    person: ID,
    worker: ID,
    registry: ID,
    q: 'etl & co',
    since: '7',
    sort: 'longest',
    before: ID,
  } as const;
  const { search } = new URL(buildsHref(page), 'http://x');
  expect(
    readBuildPage(Object.fromEntries(new URLSearchParams(search))),
  ).toEqual(page);
  expect(buildsHref({})).toBe('/builds');
});

it('leaves out what it cannot read', () => {
  expect(
    readBuildPage({
      state: 'good',
      spec: 'x',
      since: '8',
      q: ' ',
      sort: ['longest', 'longest'],
      before: '1',
      worker: ID,
    }),
  ).toEqual({ worker: ID });
});

it.each([
  ['etl', null, null],
  ['#12', 12, null],
  ['12', 12, null],
  ['0', null, null],
  ['sha256:', null, 'sha256:'],
  ['sha256:9f', null, 'sha256:9f'],
  ['9f3c41d', null, 'sha256:9f3c41d'],
  ['9f3c41', null, null],
  ['1234567', 1234567, 'sha256:1234567'],
])('reads a search for %s', (text, number, digest) => {
  expect(readBuildSearch(text)).toEqual({ text, number, digest });
});
