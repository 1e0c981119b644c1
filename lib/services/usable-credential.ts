import 'server-only';
import {
  type ClientMethod,
  type CredentialDetails,
  type CredentialMethod,
  isMinted,
} from '@/lib/registry/credential';
import {
  mintCredential,
  type MintWish,
} from '@/lib/services/cloud-credentials';

/** A stored credential with its secret in the clear, as it was typed. */
export type StoredSecret = {
  id: string;
  teamId: string;
  registryId: string;
  method: CredentialMethod;
  details: CredentialDetails;
  username: string;
  /** `''` where the method keeps none. */
  secret: string;
  expiresAt: Date | null;
};

/** What a registry takes, for the length of one call. */
export type UsableCredential = {
  method: ClientMethod;
  username: string;
  password: string;
  /** When it stops working, as far as anybody said. */
  expiresAt: Date | null;
};

/**
 * Makes of what is stored what a registry takes: the one place where a method that mints does so. Throws
 * CREDENTIAL_UNUSABLE, and as `mintCredential` does.
 */
export async function usable(
  stored: StoredSecret,
  wish: MintWish,
): Promise<UsableCredential> {
  const { method, username, secret, expiresAt } = stored;
  // An access token of Google's is a password that somebody else minted.
  if (method === 'gcp_token')
    return { method: 'password', username, password: secret, expiresAt };
  if (!isMinted(method))
    return { method, username, password: secret, expiresAt };
  return { method: 'password', ...(await mintCredential(stored, wish)) };
}
