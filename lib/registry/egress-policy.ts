import ipaddr from 'ipaddr.js';
import { type BlockReason, RegistryError } from './errors';

/**
 * One registry the owner wrote out in full. It lifts the rules for exactly this scheme, host and port, and only while
 * every resolved address lies in `cidrs`. Loopback, link-local and metadata addresses are lifted by single-address
 * CIDRs only (`/32`, `/128`), never by a range that happens to hold them.
 */
export type EgressAllowance = {
  /** As `URL.hostname` writes it: lower case, IPv6 in brackets. */
  host: string;
  port: number;
  scheme: 'http' | 'https';
  cidrs: string[];
};

export type EgressPolicy = {
  allow: readonly EgressAllowance[];
  /** CIDRs that are refused although public, such as the cluster's own. */
  deny?: readonly string[];
};

export const ADDRESS_CLASSES = [
  'public',
  'loopback',
  'private',
  'link_local',
  'metadata',
  'reserved',
] as const;
/** What kind of address a host resolved to: all that is ever said about it. */
export type AddressClass = (typeof ADDRESS_CLASSES)[number];

export type EgressDecision =
  { ok: true; addressClass: AddressClass } | { ok: false; reason: BlockReason };

type Address = ipaddr.IPv4 | ipaddr.IPv6;

// Instance metadata and platform services of Azure, AWS (EC2, ECS, IPv6), Alibaba, Oracle and Google.
const METADATA = new Set([
  '168.63.129.16',
  '169.254.169.254',
  '169.254.170.2',
  '100.100.100.200',
  '192.0.0.192',
  'fd00:ec2::254',
  'fd20:ce::254',
]);

// Services that speak TLS on high ports and are not registries.
const DENIED_PORTS = new Set([
  1433, 1521, 2049, 2375, 2376, 2379, 2380, 3306, 3389, 5432, 5671, 5672, 5900,
  6379, 6443, 9042, 9200, 9300, 10250, 10255, 11211, 27017,
]);

const NEVER_BY_RANGE: readonly AddressClass[] = [
  'loopback',
  'link_local',
  'metadata',
];

/**
 * The class of an address text. An IPv4 address inside an IPv6 one (mapped, NAT64's well-known prefix) is classed as
 * itself; every other transition form, and what is not global unicast, is `reserved`.
 */
export function classifyAddress(text: string): AddressClass {
  const address = parseAddress(text);
  return address ? classOf(address) : 'reserved';
}

/**
 * Whether a request to this URL may go out, given every address its host resolved to. Without addresses only what the
 * URL alone shows is judged: scheme, user info, port and an address literal. Judge the parsed URL, never typed text:
 * `0x7f.1` is 127.0.0.1 once parsed.
 */
export function decide(
  url: URL,
  addresses: readonly string[] | null,
  policy: EgressPolicy,
): EgressDecision {
  const scheme = schemeOf(url);
  if (!scheme) return { ok: false, reason: 'scheme' };
  if (url.username !== '' || url.password !== '')
    return { ok: false, reason: 'userinfo' };
  const port = portOf(url);
  const allowance = policy.allow.find(
    (entry) =>
      entry.scheme === scheme &&
      entry.port === port &&
      entry.host === url.hostname,
  );
  const literal = parseAddress(url.hostname);
  const known = literal ? [literal.toString()] : addresses;
  if (known?.length === 0) return { ok: false, reason: 'address' };

  const judged = (known ?? []).map((text) =>
    judgeAddress(text, allowance, policy),
  );
  if (!allowance || judged.some((one) => !one.isLifted)) {
    if (scheme !== 'https') {
      return { ok: false, reason: allowance ? 'address' : 'scheme' };
    }
    if (port !== 443 && (port < 1024 || DENIED_PORTS.has(port)))
      return { ok: false, reason: 'port' };
  }
  const refused = judged.some((one) => !one.isLifted && !one.isPublic);
  return refused
    ? { ok: false, reason: 'address' }
    : { ok: true, addressClass: widest(judged.map((one) => one.addressClass)) };
}

/**
 * The allowance an owner grants by writing a registry out, or null where the default rules already let it through.
 *
 * `addresses` is what the host resolves to now; only those are lifted. Throws `REGISTRY_BLOCKED` when the port is not
 * written out, or when a mere name stands for a loopback, link-local or metadata address: such an address must itself
 * be written (`localhost` counts for loopback).
 */
export function allowanceFor(
  host: string,
  plainHttp: boolean,
  addresses: readonly string[],
): EgressAllowance | null {
  const url = new URL(`${plainHttp ? 'http' : 'https'}://${host}/`);
  if (decide(url, addresses, { allow: [] }).ok) return null;
  if (!/:\d+$/.test(host)) {
    throw blocked('Write the port too, for example registry.example.com:5000.');
  }
  const literal = parseAddress(url.hostname);
  // Both families of localhost, whichever of them the resolver happens to name today.
  const own = url.hostname === 'localhost' ? ['127.0.0.1', '::1'] : [];
  const texts = literal
    ? [literal.toString()]
    : [...new Set([...addresses, ...own])];
  for (const text of texts) {
    const addressClass = classifyAddress(text);
    const isWritten =
      literal !== null ||
      (url.hostname === 'localhost' && addressClass === 'loopback');
    if (NEVER_BY_RANGE.includes(addressClass) && !isWritten) {
      throw blocked(
        'This name stands for an address of the server itself. Write the address instead of the name.',
      );
    }
  }
  return {
    host: url.hostname,
    port: portOf(url),
    scheme: plainHttp ? 'http' : 'https',
    cidrs: texts.map((text) => `${text}/${text.includes(':') ? '128' : '32'}`),
  };
}

function judgeAddress(
  text: string,
  allowance: EgressAllowance | undefined,
  policy: EgressPolicy,
): { addressClass: AddressClass; isLifted: boolean; isPublic: boolean } {
  const outer = parseAddress(text);
  if (!outer)
    return { addressClass: 'reserved', isLifted: false, isPublic: false };
  const addressClass = classOf(outer);
  const address = unwrap(outer);
  const isDenied = (policy.deny ?? []).some((cidr) => isInside(address, cidr));
  return {
    addressClass,
    isPublic: addressClass === 'public' && !isDenied,
    isLifted: (allowance?.cidrs ?? []).some(
      (cidr) =>
        isInside(address, cidr) &&
        (!NEVER_BY_RANGE.includes(addressClass) || /\/(?:32|128)$/.test(cidr)),
    ),
  };
}

function classOf(outer: Address): AddressClass {
  if (METADATA.has(outer.toString())) return 'metadata';
  const address = unwrap(outer);
  if (METADATA.has(address.toString())) return 'metadata';
  switch (address.range()) {
    case 'unicast':
      return isGlobal(address) ? 'public' : 'reserved';
    case 'loopback':
      return 'loopback';
    case 'linkLocal':
      return 'link_local';
    case 'private':
    case 'uniqueLocal':
    case 'carrierGradeNat':
      return 'private';
    default:
      return 'reserved';
  }
}

/** The IPv4 address that packets to this IPv6 address would reach. */
function unwrap(address: Address): Address {
  if (address.kind() !== 'ipv6') return address;
  const v6 = address as ipaddr.IPv6;
  if (v6.isIPv4MappedAddress()) return v6.toIPv4Address();
  return isInside(v6, '64:ff9b::/96')
    ? new ipaddr.IPv4(v6.toByteArray().slice(12))
    : v6;
}

// Outside 2000::/3 nothing is assigned, yet ipaddr.js calls it unicast (::7f00:1 is the old form of 127.0.0.1).
function isGlobal(address: Address): boolean {
  return address.kind() === 'ipv4' || isInside(address, '2000::/3');
}

function isInside(address: Address, cidr: string): boolean {
  if (!ipaddr.isValidCIDR(cidr)) return false;
  const [network, bits] = ipaddr.parseCIDR(cidr);
  return network.kind() === address.kind() && address.match(network, bits);
}

function parseAddress(text: string): Address | null {
  const bare = text.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  // Four decimal parts only: the URL parser has already rewritten every other IPv4 spelling.
  if (!ipaddr.IPv6.isValid(bare) && !ipaddr.IPv4.isValidFourPartDecimal(bare))
    return null;
  return ipaddr.parse(bare);
}

function widest(classes: readonly AddressClass[]): AddressClass {
  return classes.find((one) => one !== 'public') ?? 'public';
}

function schemeOf(url: URL): 'http' | 'https' | null {
  if (url.protocol === 'https:') return 'https';
  return url.protocol === 'http:' ? 'http' : null;
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'http:' ? 80 : 443;
}

function blocked(message: string): RegistryError {
  return new RegistryError('REGISTRY_BLOCKED', message);
}
