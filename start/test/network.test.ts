import { expect, it } from 'vitest';
import { pickSubnet } from './network.js';

it.each([
  ['the first one when nothing is used', '', 0, '172.16.0'],
  ['the one the seed points at', '', 0x0102, '172.17.2'],
  [
    'the next one when an address lies in it',
    'inet 172.16.0.9/24 dev eth0',
    0,
    '172.16.1',
  ],
  ['one outside a wider route', '172.16.0.0/15 via 192.0.2.1', 0, '172.18.0'],
  ['one outside a narrower route', '172.16.0.128/25 dev br0', 0, '172.16.1'],
  ['one despite the default route', '0.0.0.0/0 via 192.0.2.1', 0, '172.16.0'],
  [
    'one from the start again after the last',
    '172.31.255.0/24 dev br0',
    0xfff,
    '172.16.0',
  ],
])('picks %s', (_what, used, seed, subnet) => {
  expect(pickSubnet(used, seed)).toBe(subnet);
});

it('refuses when every /24 is used', () => {
  expect(() => pickSubnet('172.16.0.0/12 via 192.0.2.1', 0)).toThrow(
    'No free /24',
  );
});
