import { z } from 'zod';
import {
  CREDENTIAL_PURPOSES,
  CredentialInput,
} from '@/lib/registry/credential';
import { RegistryInput } from '@/lib/registry/schema';

/** `allowPrivate`: the owner says yes to this host and port although it is loopback, private or plain http. */
const Place = RegistryInput.extend({
  allowPrivate: z.boolean().default(false),
});

const NoCredential = z
  .object({
    method: z.literal('password'),
    username: z.literal(''),
    password: z.literal(''),
  })
  .transform(() => null);

/** As the form holds it: nothing typed means no credential. */
export const RegistryForm = Place.extend({
  credential: z.union([NoCredential, CredentialInput]),
});
export type RegistryForm = z.infer<typeof RegistryForm>;

export const CreateRegistry = Place.extend({
  credential: CredentialInput.nullable(),
});
export type CreateRegistry = z.infer<typeof CreateRegistry>;

export const UpdateRegistry = Place.extend({ registryId: z.uuid() });
export type UpdateRegistry = z.infer<typeof UpdateRegistry>;

export const RegistryId = z.object({ registryId: z.uuid() });
export type RegistryId = z.infer<typeof RegistryId>;

/** One of a registry's credentials. */
export const CredentialPlace = RegistryId.extend({
  purpose: z.enum(CREDENTIAL_PURPOSES),
});
export type CredentialPlace = z.infer<typeof CredentialPlace>;

export const ReplaceCredential = CredentialPlace.extend({
  credential: CredentialInput,
});
export type ReplaceCredential = z.infer<typeof ReplaceCredential>;

/** The token service a credential may also go to, as `https://host[:port]`. */
export const AllowRealm = CredentialPlace.extend({
  realmOrigin: z
    .url({ protocol: /^https?$/ })
    .refine((url) => new URL(url).origin === url, 'Give the origin alone.'),
});
export type AllowRealm = z.infer<typeof AllowRealm>;

export const ImageQuestion = z.object({
  repositoryId: z.uuid(),
  /** `:tag` or `@digest`. */
  reference: z
    .string()
    .regex(/^(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}|@sha256:[0-9a-f]{64})$/),
  platform: z.string().max(60),
});
export type ImageQuestion = z.infer<typeof ImageQuestion>;

export const RepositoryId = z.object({ repositoryId: z.uuid() });
export type RepositoryId = z.infer<typeof RepositoryId>;
