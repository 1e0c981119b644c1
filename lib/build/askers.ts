import type { AskerView } from '@/lib/build/views';

/** Whether a cancel of this person leaves the build to others: they asked, and somebody else still wants it. */
export function goesOnWithout(
  userId: string,
  askers: readonly AskerView[],
): boolean {
  return (
    askers.some((asker) => asker.userId === userId) &&
    askers.some((asker) => asker.userId !== userId && !asker.hasWithdrawn)
  );
}

/** Whether a person has taken back an ask that others still have. */
export function hasWithdrawn(
  userId: string,
  askers: readonly AskerView[],
): boolean {
  return (
    goesOnWithout(userId, askers) &&
    askers.some((asker) => asker.userId === userId && asker.hasWithdrawn)
  );
}
