import { z } from 'zod';
import type { CredentialPurpose } from './credential';
import { Exchange } from './evidence';

/** Who asked: nobody, one of the team's stored credentials, or the pull secret that its cluster has. */
export const ACCESS_IDENTITIES = [
  'anonymous',
  'stored_pull',
  'stored_push',
  'cluster',
] as const;
export type AccessIdentity = (typeof ACCESS_IDENTITIES)[number];

/** Who asks with the credential that is stored for a purpose. */
export const IDENTITIES: Record<CredentialPurpose, AccessIdentity> = {
  pull: 'stored_pull',
  push: 'stored_push',
  cluster: 'cluster',
};

/** The facts of one answer, or of why there was none, that a verdict rests on. */
export const Probe = z.object({
  status: z.number().nullable(),
  stage: z.enum(['connect', 'tls', 'token', 'registry', 'storage']),
  /** The error code when no answer came. */
  failure: z.string().nullable(),
  tlsFault: z.string().nullable(),
  isAuthMisconfigured: z.boolean(),
  upstreamCode: z.string().nullable(),
  auth: z.enum(['none', 'bearer', 'basic', 'unusable']),
  isJson: z.boolean(),
  retryAt: z.string().nullable(),
});
export type Probe = z.infer<typeof Probe>;

const PartProbe = z.object({
  digest: z.string(),
  kind: z.enum(['manifest', 'config', 'layer']),
  probe: Probe,
  /** When it was asked for, if that was for another image of the repository moments before. */
  seenAt: z.string().optional(),
});

/** Everything an access check saw, from which `judgeAccess` can judge again at any time. */
export const AccessEvidence = z.object({
  version: z.literal(1),
  at: z.string(),
  /** Which machine looked: a registry that trusts our network is not public. */
  vantage: z.string(),
  identity: z.enum(ACCESS_IDENTITIES).default('anonymous'),
  /** As given; canonical once it could be read. */
  reference: z.string(),
  platform: z.string(),
  referenceFault: z.string().nullable(),
  transport: z.enum(['https', 'http', 'untrusted_tls']),
  /** With `untrusted_tls`: what is wrong with the certificate. */
  tlsFault: z.string().nullable(),
  /** The tag or digest, asked for as this identity. */
  manifest: Probe.nullable(),
  /** `/v2/`, asked only when a 404 leaves open whether this is a registry. */
  ping: Probe.nullable(),
  tags: z.object({ probe: Probe, near: z.array(z.string()) }).nullable(),
  image: z
    .object({
      digest: z.string().nullable(),
      kind: z.enum(['image', 'index', 'artifact', 'schema1', 'invalid']),
      reason: z.string().nullable(),
      platforms: z.array(z.string()),
      /** The image whose parts were asked for, and whether the platform can run it. */
      chosen: z.string().nullable(),
      isMatch: z.boolean(),
    })
    .nullable(),
  /** Each manifest, config and layer that makes up the chosen image. */
  parts: z.array(PartProbe),
  foreignLayers: z.array(z.string()),
  checked: z.enum(['all', 'sampled', 'none']),
  /** Of an anonymous look: the same asked with the stored credential; it never makes anything public. */
  credential: z.object({ manifest: Probe, tags: Probe.nullable() }).nullable(),
  exchanges: z.array(Exchange),
});
export type AccessEvidence = z.infer<typeof AccessEvidence>;
