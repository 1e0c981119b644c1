import { describe, expect, it } from 'vitest';
import {
  allowanceFor,
  classifyAddress,
  decide,
  type EgressAllowance,
  type EgressPolicy,
} from './egress-policy';

const NONE: EgressPolicy = { allow: [] };
const PUBLIC = '93.184.216.34';

const outcome = (
  url: string,
  addresses: string[] | null = [PUBLIC],
  policy = NONE,
): string => {
  const decision = decide(new URL(url), addresses, policy);
  return decision.ok ? decision.addressClass : `no: ${decision.reason}`;
};

describe('classifyAddress', () => {
  it.each([
    [PUBLIC, 'public'],
    ['2606:4700::1111', 'public'],
    ['::ffff:93.184.216.34', 'public'],
    ['64:ff9b::5db8:d822', 'public'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['::1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['64:ff9b::7f00:1', 'loopback'],
    ['10.1.2.3', 'private'],
    ['172.16.0.1', 'private'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'private'],
    ['fd00::1', 'private'],
    ['64:ff9b::a00:1', 'private'],
    ['169.254.1.1', 'link_local'],
    ['fe80::1', 'link_local'],
    ['fe80::1%eth0', 'link_local'],
    ['169.254.169.254', 'metadata'],
    ['::ffff:169.254.169.254', 'metadata'],
    ['64:ff9b::a9fe:a9fe', 'metadata'],
    ['169.254.170.2', 'metadata'],
    ['168.63.129.16', 'metadata'],
    ['::ffff:168.63.129.16', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['192.0.0.192', 'metadata'],
    ['fd00:ec2::254', 'metadata'],
    ['fd20:ce::254', 'metadata'],
    ['0.0.0.0', 'reserved'],
    ['255.255.255.255', 'reserved'],
    ['224.0.0.1', 'reserved'],
    ['240.0.0.1', 'reserved'],
    ['192.0.0.1', 'reserved'],
    ['198.18.0.1', 'reserved'],
    ['203.0.113.7', 'reserved'],
    ['::', 'reserved'],
    ['::7f00:1', 'reserved'],
    ['::ffff:0:7f00:1', 'reserved'],
    ['64:ff9b:1::7f00:1', 'reserved'],
    ['2002:7f00:1::', 'reserved'],
    ['2001::1', 'reserved'],
    ['2001:db8::1', 'reserved'],
    ['fec0::1', 'reserved'],
    ['ff02::1', 'reserved'],
    ['4000::1', 'reserved'],
    ['not an address', 'reserved'],
    ['', 'reserved'],
  ])('calls %s %s', (address, expected) => {
    expect(classifyAddress(address)).toBe(expected);
  });
});

describe('decide, without any allowance', () => {
  it.each([
    ['https://ghcr.io/v2/', 'public'],
    ['https://registry.example.com:5000/v2/', 'public'],
    ['https://93.184.216.34/', 'public'],
  ])('lets %s through', (url, expected) => {
    expect(outcome(url)).toBe(expected);
  });

  it.each([
    ['http://ghcr.io/', 'scheme'],
    ['ftp://ghcr.io/', 'scheme'],
    ['file:///etc/passwd', 'scheme'],
    ['https://user:pass@ghcr.io/', 'userinfo'],
    ['https://user@ghcr.io/', 'userinfo'],
    ['https://ghcr.io:22/', 'port'],
    ['https://ghcr.io:80/', 'port'],
    ['https://ghcr.io:1023/', 'port'],
    ['https://ghcr.io:0/', 'port'],
    ['https://ghcr.io:6443/', 'port'],
    ['https://ghcr.io:2376/', 'port'],
  ])('refuses %s for its %s', (url, reason) => {
    expect(outcome(url)).toBe(`no: ${reason}`);
  });

  it.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://0/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[::7f00:1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[fd00:ec2::254]/',
    'https://169.254.169.254/latest/meta-data',
    'https://2852039166/',
    'https://168.63.129.16/',
    'https://10.0.0.1/',
    'https://１２７.0.0.1/',
    'https://127。0。0。1/',
  ])('refuses the literal %s before any name is looked up', (url) => {
    expect(outcome(url, null)).toBe('no: address');
  });

  it.each([
    [['127.0.0.1']],
    [[PUBLIC, '10.0.0.1']],
    [[PUBLIC, '::1']],
    [['::ffff:10.0.0.1']],
    [['169.254.169.254', PUBLIC]],
    [['nonsense']],
    [[]],
  ])('refuses a name that resolves to %j', (addresses) => {
    expect(outcome('https://registry.example.com/', addresses)).toBe(
      'no: address',
    );
  });

  it('does not believe a resolver about an address literal', () => {
    expect(outcome('https://10.0.0.1/', [PUBLIC])).toBe('no: address');
  });

  it('refuses public addresses that the operator denies', () => {
    const policy = { allow: [], deny: ['93.184.216.0/24'] };
    expect(outcome('https://registry.example.com/', [PUBLIC], policy)).toBe(
      'no: address',
    );
    expect(
      outcome(
        'https://registry.example.com/',
        ['::ffff:93.184.216.34'],
        policy,
      ),
    ).toBe('no: address');
  });
});

describe('decide, with an allowance', () => {
  const allowance: EgressAllowance = {
    host: 'registry.corp',
    port: 5000,
    scheme: 'http',
    cidrs: ['10.0.0.0/8'],
  };
  const policy = { allow: [allowance] };

  it('lifts scheme, port and address for exactly what it names', () => {
    expect(outcome('http://registry.corp:5000/v2/', ['10.1.1.1'], policy)).toBe(
      'private',
    );
  });

  it.each([
    ['another host', 'http://other.corp:5000/', ['10.1.1.1']],
    ['a trailing dot', 'http://registry.corp.:5000/', ['10.1.1.1']],
    ['another port', 'http://registry.corp:5001/', ['10.1.1.1']],
    ['another scheme', 'https://registry.corp:5000/', ['10.1.1.1']],
    ['the address as a literal', 'http://10.1.1.1:5000/', null],
    [
      'an address outside its CIDRs',
      'http://registry.corp:5000/',
      ['192.168.0.1'],
    ],
    [
      'one address outside its CIDRs',
      'http://registry.corp:5000/',
      ['10.1.1.1', '192.168.0.1'],
    ],
    ['a public address over http', 'http://registry.corp:5000/', [PUBLIC]],
    ['loopback', 'http://registry.corp:5000/', ['127.0.0.1']],
    ['metadata', 'http://registry.corp:5000/', ['169.254.169.254']],
  ])('does not lift %s', (_, url, addresses) => {
    expect(outcome(url, addresses, policy)).toMatch(/^no/);
  });

  it.each([
    '127.0.0.1',
    '169.254.1.1',
    '169.254.169.254',
    '168.63.129.16',
    '::1',
  ])('lifts %s only by that very address, not by a range', (address) => {
    const width = address.includes(':') ? 128 : 32;
    const by = (cidr: string) =>
      outcome('http://registry.corp:5000/', [address], {
        allow: [{ ...allowance, cidrs: [cidr] }],
      });
    expect(by(address.includes(':') ? '::/0' : '0.0.0.0/0')).toBe(
      'no: address',
    );
    expect(by(`${address}/${String(width - 1)}`)).toBe('no: address');
    expect(by(`${address}/${String(width)}`)).not.toMatch(/^no/);
  });

  it('ignores CIDRs that are none', () => {
    expect(
      outcome('http://registry.corp:5000/', ['10.1.1.1'], {
        allow: [{ ...allowance, cidrs: ['10.0.0.0', 'x/8', ''] }],
      }),
    ).toMatch(/^no/);
  });
});

describe('allowanceFor', () => {
  it.each([
    ['ghcr.io', false, [PUBLIC]],
    ['registry.example.com:5000', false, [PUBLIC]],
  ])('gives none to %s, which needs none', (host, plainHttp, addresses) => {
    expect(allowanceFor(host, plainHttp, addresses)).toBeNull();
  });

  it.each([
    [
      'localhost:5000',
      true,
      ['127.0.0.1'],
      {
        host: 'localhost',
        port: 5000,
        scheme: 'http',
        cidrs: ['127.0.0.1/32', '::1/128'],
      },
    ],
    [
      '127.0.0.1:5000',
      false,
      [],
      {
        host: '127.0.0.1',
        port: 5000,
        scheme: 'https',
        cidrs: ['127.0.0.1/32'],
      },
    ],
    [
      '[::1]:5000',
      true,
      [],
      { host: '[::1]', port: 5000, scheme: 'http', cidrs: ['::1/128'] },
    ],
    [
      'registry.corp:443',
      false,
      ['10.0.0.5'],
      {
        host: 'registry.corp',
        port: 443,
        scheme: 'https',
        cidrs: ['10.0.0.5/32'],
      },
    ],
    [
      'registry.example.com:80',
      true,
      [PUBLIC],
      {
        host: 'registry.example.com',
        port: 80,
        scheme: 'http',
        cidrs: [`${PUBLIC}/32`],
      },
    ],
  ] as const)(
    'lifts for %s (http: %s) what is written and no more',
    (host, plainHttp, addresses, expected) => {
      const allowance = allowanceFor(host, plainHttp, addresses);
      expect(allowance).toEqual(expected);
      const url = new URL(`${expected.scheme}://${host}/`);
      expect(
        decide(url, addresses, { allow: allowance ? [allowance] : [] }).ok,
      ).toBe(true);
    },
  );

  it.each([
    ['registry.corp', false, ['10.0.0.5'], 'port'],
    ['localhost', true, ['127.0.0.1'], 'port'],
    [
      'registry.corp:5000',
      false,
      ['127.0.0.1'],
      'address of the server itself',
    ],
    [
      'registry.corp:5000',
      false,
      ['10.0.0.5', '169.254.169.254'],
      'address of the server itself',
    ],
    [
      'localhost:5000',
      true,
      ['169.254.169.254'],
      'address of the server itself',
    ],
  ])('refuses %s (http: %s) at %j', (host, plainHttp, addresses, message) => {
    expect(() => allowanceFor(host, plainHttp, addresses)).toThrow(message);
  });
});
