import { z } from 'zod';
import type { EgressAllowance } from './egress-policy';
import { isCloudKind } from './kinds';
import { isLoopbackHost } from './loopback';
import type { RegistryKind } from './schema';
import type { CloudSettingsView } from './views';

/** A cloud API at an address of its own, and what the owner opened for exactly that address. */
export type CloudEndpoint = { url: string; allowance: EgressAllowance | null };

/** What a registry of a cloud may be told beside its place. */
export type CloudSettings = {
  /** The API that gives out logins: ECR, or Google's token endpoint. `null`: the provider's own. */
  endpoint: CloudEndpoint | null;
  /** AWS STS, where roles are assumed. */
  stsEndpoint: CloudEndpoint | null;
  /** Whether a repository that is missing is made before a push. Amazon alone needs that. */
  createsRepositories: boolean;
};

const StoredEndpoint = z.object({
  url: z.url(),
  allowance: z
    .object({
      host: z.string(),
      port: z.number(),
      scheme: z.enum(['http', 'https']),
      cidrs: z.array(z.string()),
    })
    .nullable(),
});

const Stored = z.object({
  endpoint: StoredEndpoint.nullable().default(null),
  stsEndpoint: StoredEndpoint.nullable().default(null),
  createsRepositories: z.boolean().default(true),
});

/** The cloud's part of a registry's stored settings; what was never set has its default. */
export function readCloudSettings(settings: unknown): CloudSettings {
  return Stored.parse(settings);
}

/** The same for people, `null` for a registry that belongs to no cloud. */
export function cloudSettingsView({
  kind,
  settings,
}: {
  kind: RegistryKind;
  settings: unknown;
}): CloudSettingsView | null {
  if (!isCloudKind(kind)) return null;
  const { endpoint, stsEndpoint, createsRepositories } =
    readCloudSettings(settings);
  return {
    endpoint: endpoint?.url ?? null,
    stsEndpoint: stsEndpoint?.url ?? null,
    createsRepositories,
  };
}

const EndpointInput = z
  .union([
    z.literal('').transform(() => null),
    z
      .url(
        'Write the whole address, such as https://vpce-0a1b2c.api.ecr.eu-west-1.vpce.amazonaws.com.',
      )
      .refine((url) => /^https?:$/.test(new URL(url).protocol), {
        message: 'An endpoint begins with https://.',
      })
      .refine(
        (url) => new URL(url).username === '' && new URL(url).search === '',
        {
          message: 'An endpoint holds no user name and no query.',
        },
      )
      .refine(
        // Plain http only within this machine.
        (url) =>
          new URL(url).protocol === 'https:' ||
          isLoopbackHost(new URL(url).hostname),
        { message: 'Logins travel to this address: it must be https.' },
      ),
  ])
  .nullable();

/** The form of a cloud registry's settings. Endpoints are the owner's. */
export const UpdateCloudSettings = z.object({
  registryId: z.uuid(),
  createsRepositories: z.boolean(),
  endpoint: EndpointInput,
  stsEndpoint: EndpointInput,
});
export type UpdateCloudSettings = z.infer<typeof UpdateCloudSettings>;
