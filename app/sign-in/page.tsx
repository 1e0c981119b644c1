import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { AuthFrame } from '@/components/auth/auth-frame';
import { returnPath } from '@/components/auth/return-path';
import { LinkCommand } from '@/components/auth/link-command';
import { SignInForm } from '@/components/auth/sign-in-form';
import { getActor } from '@/lib/auth';
import { hasOwner } from '@/lib/services/set-up';

export const metadata: Metadata = { title: 'Sign in' };

export default async function SignInPage({
  searchParams,
}: {
  searchParams: Promise<{ from?: string | string[] }>;
}) {
  const destination = returnPath((await searchParams).from);
  if (await getActor()) redirect(destination);
  if (!(await hasOwner())) return <NobodyYet />;
  return (
    <AuthFrame
      title="Sign in"
      footer={
        <>
          Lost the owner’s password?{' '}
          <code className="whitespace-nowrap">npm run reset-owner</code> prints
          a link for a new one.
        </>
      }
    >
      <SignInForm destination={destination} />
    </AuthFrame>
  );
}

function NobodyYet() {
  return (
    <AuthFrame
      title="Nobody owns this Imageyard yet"
      lead="The first account is made with the set-up link that the terminal printed at the start."
    >
      <LinkCommand hasOwner={false} />
    </AuthFrame>
  );
}
