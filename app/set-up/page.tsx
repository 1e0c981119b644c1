import type { Metadata } from 'next';
import { SetUp } from '@/components/auth/set-up';
import { getActor } from '@/lib/auth';
import { hasOwner } from '@/lib/services/set-up';

export const metadata: Metadata = { title: 'Set up' };

export default async function SetUpPage() {
  const [actor, isOwned] = await Promise.all([getActor(), hasOwner()]);
  return <SetUp signedInAs={actor?.email ?? null} hasOwner={isOwned} />;
}
