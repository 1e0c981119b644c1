import { RegistryError } from '@/lib/registry/errors';

/** The `RegistryError` that a piece of work ends with. Throws when it ends well, or with anything else. */
export async function failureOf(
  work: Promise<unknown>,
): Promise<RegistryError> {
  const error: unknown = await work.then(
    () => new Error('It did not fail.'),
    (reason: unknown) => reason,
  );
  if (error instanceof RegistryError) return error;
  throw error;
}
