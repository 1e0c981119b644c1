import { z } from 'zod';
import { ACCESS_IDENTITIES } from '@/lib/registry/access-evidence';
import {
  CREDENTIAL_METHODS,
  CREDENTIAL_PURPOSES,
  CredentialInput,
} from '@/lib/registry/credential';
import { MAX_DOCKER_CONFIG } from '@/lib/registry/docker-config';
import { isAmbient } from '@/lib/registry/kinds';
import { PullSecretName } from '@/lib/registry/pull-secret';
import { RegistryInput } from '@/lib/registry/schema';

/** `allowPrivate`: the owner says yes to this host and port although it is loopback, private or plain http. */
const Place = RegistryInput.extend({
  allowPrivate: z.boolean().default(false),
});

const MaybeCredential = z
  .object({
    method: z.enum(CREDENTIAL_METHODS),
    username: z.string(),
    password: z.string(),
    roleArn: z.string(),
    externalId: z.string(),
    lastDay: z.string(),
  })
  .transform((typed, context) => {
    // Choosing the server's own identity is all there is to type.
    const isEmpty = typed.username.trim() === '' && typed.password === '';
    if (isEmpty && !isAmbient(typed.method)) return null;
    const result = CredentialInput.safeParse(typed);
    if (result.success) return result.data;
    for (const { path, message } of result.error.issues)
      context.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  });

/** As the form holds it: nothing typed means no credential. */
export const RegistryForm = Place.extend({ credential: MaybeCredential });
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

/** A Docker `config.json`, as pasted. */
export const ReadImport = z.object({
  text: z
    .string()
    .min(1, 'Paste the file, or choose it.')
    .max(MAX_DOCKER_CONFIG, 'More than 256 KiB; a config.json is far smaller.'),
});
export type ReadImport = z.infer<typeof ReadImport>;

/** Which of its entries go where: into a registry that is there, or a new one. */
export const ImportCredentials = ReadImport.extend({
  purpose: z.enum(CREDENTIAL_PURPOSES),
  choices: z
    .array(
      z.object({
        key: z.string().max(200),
        registryId: z.uuid().nullable(),
      }),
    )
    .min(1, 'Choose at least one.')
    .max(200),
});
export type ImportCredentials = z.infer<typeof ImportCredentials>;

export const ExportPullSecret = PullSecretName.extend({
  registryId: z.uuid(),
});
export type ExportPullSecret = z.infer<typeof ExportPullSecret>;

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

/** One cell of an access matrix. */
export const AccessCell = z.object({
  identity: z.enum(ACCESS_IDENTITIES),
  platform: z.string().max(60),
});
export type AccessCell = z.infer<typeof AccessCell>;

export const RepositoryId = z.object({ repositoryId: z.uuid() });
export type RepositoryId = z.infer<typeof RepositoryId>;
