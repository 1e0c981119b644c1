import { describe, expect, it } from 'vitest';
import {
  fieldHref,
  findLine,
  readFieldLink,
} from '@/components/specs/field-link';

describe('a link to a field of a spec', () => {
  it.each([
    ['apt_packages', 'apt_packages', 'libfoo-dev=1.*'],
    ['requirements', 'requirementsText', 'a & b # c'],
    ['registry', 'registryId', null],
  ] as const)('leads to %s', (field, control, text) => {
    const entry = text === null ? null : { text };
    const href = fieldHref('1', { field, entry });
    expect(href).toMatch(/^\/specs\/1\/edit#/);
    expect(readFieldLink(href.slice(href.indexOf('#')))).toEqual({
      field: control,
      line: text,
    });
  });

  it.each(['', '#', '#content'])('%j leads to none', (hash) => {
    expect(readFieldLink(hash)).toBeNull();
  });
});

it.each([
  ['a\nbb\nc', 'bb', [2, 4]],
  ['a\n  bb \nc', 'bb', [2, 7]],
  ['a', 'a', [0, 1]],
  ['aa', 'a', null],
])('of %j finds the line %j', (text, line, place) => {
  expect(findLine(text, line)).toEqual(place);
});
