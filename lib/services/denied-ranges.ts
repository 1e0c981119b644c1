import 'server-only';
import { networkInterfaces } from 'node:os';
import { env } from '@/lib/env';
import { classifyAddress } from '@/lib/registry/egress-policy';

let own: string[] | undefined;

/**
 * CIDR ranges that no registry may lie in although they are public: this server's own addresses, where its unguarded
 * doors may be, and what the operator adds in IMAGEYARD_EGRESS_DENY, such as the cluster's. An owner who writes a
 * registry out in full still opens it.
 */
export function deniedRanges(): string[] {
  own ??= Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address }) => address)
    .filter((address) => classifyAddress(address) === 'public')
    .map((address) => `${address}/${address.includes(':') ? '128' : '32'}`);
  return [...own, ...env().IMAGEYARD_EGRESS_DENY];
}
