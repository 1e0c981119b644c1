import { expect, it } from 'vitest';
import { isSupportedNode } from './node-version.js';

it.each([
  ['18.20.4', false],
  ['20.8.1', false],
  ['20.9.0', true],
  ['20.20.2', true],
  ['22.0.0', true],
  ['100.0.0', true],
])('says of Node %s whether Imageyard runs on it: %s', (version, expected) => {
  expect(isSupportedNode(version)).toBe(expected);
});
