import { createHash } from 'node:crypto';
import { RegistryError } from '@/lib/registry/errors';

/** The sha256 digest of bytes. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Whether bytes hash to a digest, by that digest's own algorithm. */
export function isDigestOf(bytes: Uint8Array, digest: string): boolean {
  const [algorithm = '', hex] = digest.split(':');
  return (
    (algorithm === 'sha256' || algorithm === 'sha512') &&
    createHash(algorithm).update(bytes).digest('hex') === hex
  );
}

/** Throws `REGISTRY_INVALID_ANSWER` when a registry gave other bytes than were asked for. */
export function requireDigest(
  bytes: Uint8Array,
  digest: string,
  host: string,
): void {
  if (isDigestOf(bytes, digest)) return;
  throw new RegistryError(
    'REGISTRY_INVALID_ANSWER',
    `${host} answered with other content than ${digest}.`,
    {
      facts: { stage: 'registry' },
    },
  );
}
