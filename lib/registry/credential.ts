import { z } from 'zod';

/** What a stored credential is for: `cluster` is what pods pull with. */
export const CREDENTIAL_PURPOSES = ['push', 'pull', 'cluster'] as const;
export type CredentialPurpose = (typeof CREDENTIAL_PURPOSES)[number];

/** How a registry takes a credential that is at hand: as a login, as a refresh token (POST), as a bearer token as it is. */
export const CLIENT_METHODS = [
  'password',
  'identity_token',
  'registry_token',
] as const;
export type ClientMethod = (typeof CLIENT_METHODS)[number];

/** What a cloud makes a short-lived password from, each time one is needed. */
export const MINTED_METHODS = [
  'aws_keys',
  'aws_role',
  'aws_ambient',
  'gcp_key',
  'gcp_token',
  'gcp_ambient',
] as const;
export type MintedMethod = (typeof MINTED_METHODS)[number];

export const CREDENTIAL_METHODS = [
  ...CLIENT_METHODS,
  ...MINTED_METHODS,
] as const;
export type CredentialMethod = (typeof CREDENTIAL_METHODS)[number];

/** What a credential is opened for, and remembered as used for: a build, a look at the registry, an export. */
export const CREDENTIAL_USES = ['build', 'look', 'export'] as const;
export type CredentialUse = (typeof CREDENTIAL_USES)[number];

export function isMinted(method: CredentialMethod): method is MintedMethod {
  return (MINTED_METHODS as readonly string[]).includes(method);
}

/** What a method needs beside its secret, stored in the open. Only the version is common to all of them. */
export const CredentialDetails = z.looseObject({ version: z.literal(1) });
export type CredentialDetails = z.infer<typeof CredentialDetails>;

/** What a kind of registry needs beside its place. Only the version is common to all of them. */
export const RegistrySettings = z.looseObject({ version: z.literal(1) });
export type RegistrySettings = z.infer<typeof RegistrySettings>;

const SERVES: Record<CredentialPurpose, readonly CredentialPurpose[]> = {
  push: ['push'],
  // Who may push may read; the other way round proves nothing.
  pull: ['pull', 'push'],
  // A credential leaves for the cluster only when somebody stored it for that.
  cluster: ['cluster'],
};

/** Of a registry's credentials, the one that serves a purpose: its own, and for a pull the push credential, too. */
export function chooseCredential<T extends { purpose: CredentialPurpose }>(
  credentials: readonly T[],
  purpose: CredentialPurpose,
): T | null {
  for (const one of SERVES[purpose]) {
    const found = credentials.find((each) => each.purpose === one);
    if (found) return found;
  }
  return null;
}

const Secret = (what: string) =>
  z
    .string()
    .max(16_384, 'At most 16,384 characters.')
    .transform((text) => text.replace(/\r?\n$/, ''))
    .refine((text) => text !== '', what);

const Username = z
  .string()
  .trim()
  .max(256, 'At most 256 characters.')
  .regex(/^[^:\p{Cc}]*$/u, 'A user name holds no colon and no line break.');

// RFC 6750: anything else could not travel in a header.
const Token = (what: string) =>
  Secret(what).refine((text) => /^[\x21-\x7e]*$/.test(text), {
    message: 'A token holds no spaces and no line breaks.',
  });

/** The last day a credential works, as its maker says; `null` for one that does not expire, or nobody knows. */
const LastDay = z
  .union([
    z.literal('').transform(() => null),
    z.iso.date('Write the date as YYYY-MM-DD.'),
  ])
  .nullish();

/** A user name with a password or token. One line break at the end, as left by pasting, is removed from the secret. */
const PasswordInput = z.object({
  method: z.literal('password'),
  username: Username.min(1, 'Write the user name.'),
  password: Secret('Write the password or token.'),
  lastDay: LastDay,
});

/** A refresh token, which only a token server takes. It needs no user name. */
const IdentityTokenInput = z.object({
  method: z.literal('identity_token'),
  username: Username,
  password: Token('Write the identity token.'),
  lastDay: LastDay,
});

/** A bearer token that goes to the registry as it is, for as long as it lives. */
const RegistryTokenInput = z.object({
  method: z.literal('registry_token'),
  username: Username,
  password: Token('Write the registry token.'),
  lastDay: LastDay,
});

/** A credential as it is typed. `password` is the secret of every method. */
export const CredentialInput = z.discriminatedUnion('method', [
  PasswordInput,
  IdentityTokenInput,
  RegistryTokenInput,
]);
export type CredentialInput = z.infer<typeof CredentialInput>;
