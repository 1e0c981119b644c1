import { readFileSync, writeFileSync } from 'node:fs';
import { run } from './command.js';

const FORWARDING = '/proc/sys/net/ipv4/ip_forward';

/** Whether this machine forwards IPv4 packets now. */
export function isForwarding() {
  return readFileSync(FORWARDING, 'utf8').trim() === '1';
}

/** Switches IPv4 forwarding. */
export function setForwarding(on) {
  writeFileSync(FORWARDING, on ? '1' : '0');
}

/**
 * Plans a bridge for the engine's containers: a name, a /24 that no address or
 * route of this machine touches, and the packet rules it needs, marked as ours.
 */
export async function planBridge(id) {
  const used = [
    await run('ip', ['-4', '-o', 'addr', 'show']),
    await run('ip', ['-4', 'route', 'show', 'table', 'all']),
  ].join('\n');
  const name = `iyt${id}`;
  const subnet = pickSubnet(used, Number.parseInt(id.slice(0, 4), 16));
  const mark = ['-m', 'comment', '--comment', `imageyard-test-${id}`];
  return {
    name,
    subnet: `${subnet}.0/24`,
    address: `${subnet}.1/24`,
    rules: [
      [
        'nat',
        'POSTROUTING',
        '-s',
        `${subnet}.0/24`,
        '!',
        '-o',
        name,
        ...mark,
        '-j',
        'MASQUERADE',
      ],
      ['filter', 'FORWARD', '-i', name, ...mark, '-j', 'ACCEPT'],
      ['filter', 'FORWARD', '-o', name, ...mark, '-j', 'ACCEPT'],
    ],
  };
}

/** Puts a planned bridge and its rules in place. */
export async function addBridge(bridge) {
  await run('ip', ['link', 'add', bridge.name, 'type', 'bridge']);
  await run('ip', ['addr', 'add', bridge.address, 'dev', bridge.name]);
  await run('ip', ['link', 'set', bridge.name, 'up']);
  for (const [table, chain, ...rule] of bridge.rules)
    await run('iptables', ['-w', '-t', table, '-I', chain, ...rule]);
}

/** Takes a bridge and its rules away again; what is gone already is no failure. */
export async function removeBridge(bridge) {
  for (const [table, chain, ...rule] of bridge.rules)
    await run('iptables', ['-w', '-t', table, '-D', chain, ...rule]).catch(
      () => {},
    );
  await run('ip', ['link', 'del', bridge.name]).catch(() => {});
}

/** The first three numbers of a /24 in private space that `used` does not name; `seed` spreads concurrent runs. */
export function pickSubnet(used, seed) {
  const taken = [
    ...used.matchAll(/\b(\d+)\.(\d+)\.(\d+)\.(\d+)(?:\/(\d+))?/g),
  ].map(([, a, b, c, d, bits]) => ({
    start: toNumber(a, b, c, d),
    bits: bits === undefined ? 32 : Number(bits),
  }));
  for (let step = 0; step < 4096; step++) {
    const index = (seed + step) % 4096;
    const [b, c] = [16 + (index >> 8), index & 255];
    const start = toNumber(172, b, c, 0);
    const isFree = taken.every((other) => {
      const shift = 32 - Math.min(other.bits, 24);
      return (
        other.bits === 0 ||
        Math.floor(other.start / 2 ** shift) !== Math.floor(start / 2 ** shift)
      );
    });
    if (isFree) return `172.${b}.${c}`;
  }
  throw new Error("No free /24 in 172.16.0.0/12 for the engine's containers.");
}

/** The packet size of the way out, which containers must not exceed. */
export async function outgoingMtu() {
  const route = await run('ip', ['-4', 'route', 'show', 'default']);
  const device = /\bdev (\S+)/.exec(route)?.[1];
  return device
    ? Number(readFileSync(`/sys/class/net/${device}/mtu`, 'utf8'))
    : 1500;
}

function toNumber(a, b, c, d) {
  return ((Number(a) * 256 + Number(b)) * 256 + Number(c)) * 256 + Number(d);
}
