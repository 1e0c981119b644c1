import 'server-only';
import type { Actor } from '@/lib/auth';
import { AppError } from '@/lib/errors';

/** Throws NOT_ALLOWED for anyone but an owner. */
export function requireOwner(actor: Actor): void {
  if (actor.role !== 'owner')
    throw new AppError(
      'NOT_ALLOWED',
      'Only an owner of this team may do that.',
    );
}
