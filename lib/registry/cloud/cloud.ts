import type { Egress } from '@/lib/registry/egress';

/** A login for a registry, made from a cloud identity, and the instant it ends. */
export type Minted = { username: string; password: string; expiresAt: Date };

/** What minting takes from outside: the one way out, and the time (Unix ms). */
export type CloudIo = { egress: Egress; now: () => number };

/** Answers of cloud APIs are small: a password of ECR has some 3 KiB. */
export const CLOUD_LIMITS = { totalMs: 15_000, maxBytes: 256 * 1024 };
