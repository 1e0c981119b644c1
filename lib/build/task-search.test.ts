import { expect, it } from 'vitest';
import { formatTaskSearch, type TaskFilter, TaskSearch } from './task-search';

const ID = '01936f3c-0000-7000-8000-000000000000';

it.each<[TaskFilter, string]>([
  [{}, ''],
  [{ projectId: ID }, `?project=${ID}`],
  [
    { projectId: ID, after: { name: 'a&b=c', id: ID } },
    `?project=${ID}&after=a%26b%3Dc&afterId=${ID}`,
  ],
])('%j stands in an address and is read again', (filter, search) => {
  expect(formatTaskSearch(filter)).toBe(search);
  const parameters = Object.fromEntries(new URLSearchParams(search));
  expect(TaskSearch.parse(parameters)).toEqual(filter);
});

it('begins at the first page when the place is incomplete', () => {
  expect(TaskSearch.parse({ after: 'flow.a' })).toEqual({});
});

it.each([{ project: 'x' }, { after: 'a'.repeat(1001) }, { afterId: '1' }])(
  'refuses %j',
  (parameters) => {
    expect(TaskSearch.safeParse(parameters).success).toBe(false);
  },
);
