import 'server-only';
import { AppError } from '@/lib/errors';
import {
  type ClientMethod,
  type CredentialDetails,
  type CredentialMethod,
  isMinted,
} from '@/lib/registry/credential';

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
 * CREDENTIAL_UNUSABLE.
 */
export function usable(stored: StoredSecret): Promise<UsableCredential> {
  const { method, username, secret, expiresAt } = stored;
  if (isMinted(method)) {
    return Promise.reject(
      new AppError(
        'CREDENTIAL_UNUSABLE',
        'This version cannot make a password from a cloud credential.',
      ),
    );
  }
  return Promise.resolve({ method, username, password: secret, expiresAt });
}
