import { z } from 'zod';

export const MAX_SECRET_BYTES = 64 * 1024;

/** The name of a team's secret: what `pip_secret_mounts` calls it here. */
export const SecretName = z
  .string()
  .trim()
  .min(1, 'Give the secret a name, such as .netrc.')
  .max(100, 'Use at most 100 characters.')
  .regex(
    /^\.?[A-Za-z0-9_][A-Za-z0-9._-]*$/,
    'Use letters, digits and . _ - in the name, such as .netrc.',
  );

/** A new secret, or new content for one of that name. */
export const StoreSecret = z.object({
  name: SecretName,
  content: z
    .string()
    .min(1, 'Write the content of the file.')
    .refine(
      (text) => new TextEncoder().encode(text).length <= MAX_SECRET_BYTES,
      'Keep the content under 64 KiB.',
    ),
});
export type StoreSecret = z.infer<typeof StoreSecret>;

export const SecretId = z.object({ secretId: z.uuid() });
export type SecretId = z.infer<typeof SecretId>;

/** A secret as people see it: never its content. */
export type SecretView = {
  id: string;
  name: string;
  storedBy: string | null;
  /** ISO 8601 instants. */
  storedAt: string;
  lastUsedAt: string | null;
  /** Specs whose current revision mounts it. */
  specs: { id: string; name: string }[];
};

/** The secret a mount's source stands for: the one it was mapped to, else the one of its own name. */
export function secretNameOf(
  source: string,
  names: Readonly<Record<string, string>>,
): string {
  return names[source] ?? source.slice(source.lastIndexOf('/') + 1);
}
