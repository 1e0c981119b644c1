import 'server-only';
import type { Actor } from '@/lib/auth';
import { AppError } from '@/lib/errors';
import type { CredentialMethod } from '@/lib/registry/credential';
import { fitsHost, fitsKind, isAmbient, KINDS } from '@/lib/registry/kinds';
import type { RegistryKind } from '@/lib/registry/schema';

/**
 * Whether a way to log in may be stored for a registry: a cloud's own way for that cloud alone, and the server's own identity
 * by an owner alone, because everyone who may build would spend it. Throws INVALID_INPUT and NOT_ALLOWED, at the field.
 */
export function requireFitting(
  actor: Actor,
  { kind, host }: { kind: RegistryKind; host: string },
  method: CredentialMethod,
): void {
  const { name } = KINDS[kind];
  const isForKind = fitsKind(kind, method);
  if (!isForKind || !fitsHost(kind, host, method)) {
    const message = isForKind
      ? `${host} is no host of ${name}, and a login from a cloud identity goes nowhere else.`
      : `${name} does not take this kind of credential.`;
    throw new AppError('INVALID_INPUT', message, {
      fields: { 'credential.method': message },
    });
  }
  if (isAmbient(method) && actor.role !== 'owner') {
    throw new AppError(
      'NOT_ALLOWED',
      'Only an owner may let builds use this server’s own identity.',
      {
        fields: {
          'credential.method': 'Ask an owner of the team to choose this.',
        },
      },
    );
  }
}
