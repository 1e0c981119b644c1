/** How a registry takes a credential that is at hand: as a login, as a refresh token (POST), as a bearer token as it is. */
export const CLIENT_METHODS = [
  'password',
  'identity_token',
  'registry_token',
] as const;

/** What a cloud makes a short-lived password from, each time one is needed. */
export const MINTED_METHODS = [
  'aws_keys',
  'aws_role',
  'aws_ambient',
  'gcp_key',
  'gcp_token',
  'gcp_ambient',
] as const;

export const CREDENTIAL_METHODS = [
  ...CLIENT_METHODS,
  ...MINTED_METHODS,
] as const;
export type CredentialMethod = (typeof CREDENTIAL_METHODS)[number];
