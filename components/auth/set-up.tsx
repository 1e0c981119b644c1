'use client';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { AuthFrame } from '@/components/auth/auth-frame';
import { OwnerForm } from '@/components/auth/owner-form';
import { ResetForm } from '@/components/auth/reset-form';
import { endSession } from '@/components/auth/session';
import { LinkCommand } from '@/components/auth/link-command';
import { useSetUpToken } from '@/components/auth/set-up-token';
import { Button, ButtonLink } from '@/components/ui/button';
import { ErrorNotice } from '@/components/ui/error-notice';
import { TextLink } from '@/components/ui/link';
import { Skeleton } from '@/components/ui/skeleton';
import { showFailure } from '@/components/ui/toast';
import { readSetUpToken } from '@/lib/actions/account';
import { errorView, unwrap } from '@/lib/queries/fetch-json';

/** What the one-time link is for, asked of the server, and the form for it. */
export function SetUp({
  signedInAs,
  hasOwner,
}: {
  signedInAs: string | null;
  hasOwner: boolean;
}) {
  const token = useSetUpToken();
  if (signedInAs !== null)
    return <SignedIn email={signedInAs} hasToken={Boolean(token)} />;
  if (token === undefined) return <Waiting />;
  if (token === '') return <NoToken hasOwner={hasOwner} />;
  return <WithToken key={token} token={token} hasOwner={hasOwner} />;
}

function WithToken({ token, hasOwner }: { token: string; hasOwner: boolean }) {
  const link = useQuery({
    queryKey: ['set-up-link', token],
    // An action although it only reads: the token must not be part of an address.
    queryFn: async () => unwrap(await readSetUpToken({ token })),
    staleTime: Infinity,
    gcTime: 0,
  });
  if (link.isPending) return <Waiting />;
  if (link.isError) {
    const error = errorView(link.error);
    if (error.code === 'SET_UP_LINK_INVALID' || error.code === 'INVALID_INPUT')
      return <InvalidLink hasOwner={hasOwner} />;
    return (
      <AuthFrame title="Set up Imageyard">
        <ErrorNotice
          error={error}
          onRetry={() => void link.refetch()}
          isRetrying={link.isFetching}
        />
      </AuthFrame>
    );
  }
  if (link.data.purpose === 'owner') {
    return (
      <AuthFrame
        title="Set up Imageyard"
        lead="You are the first here. This account owns the team."
      >
        <OwnerForm token={token} />
      </AuthFrame>
    );
  }
  const email = link.data.email ?? '';
  return (
    <AuthFrame
      title="Choose a new password"
      lead={
        <>
          For <b className="break-all text-ink">{email}</b>. Every session of
          this account ends.
        </>
      }
    >
      <ResetForm token={token} email={email} />
    </AuthFrame>
  );
}

function Waiting() {
  return (
    <AuthFrame title="Set up Imageyard" lead="Checking the link…">
      <div role="status" aria-label="Checking the link" className="grid gap-3">
        {[0, 1, 2, 3].map((row) => (
          <div key={row} className="grid gap-2 py-[3px]">
            <Skeleton className="w-20" />
            <Skeleton className="h-[30px]" />
          </div>
        ))}
      </div>
    </AuthFrame>
  );
}

function NoToken({ hasOwner }: { hasOwner: boolean }) {
  return (
    <AuthFrame
      title="Open the whole link"
      lead="This page needs the link that the terminal printed, with everything after the #."
      footer={hasOwner && <ToSignIn />}
    >
      <LinkCommand hasOwner={hasOwner} />
    </AuthFrame>
  );
}

function InvalidLink({ hasOwner }: { hasOwner: boolean }) {
  return (
    <AuthFrame
      title="This link no longer works"
      lead="It was used already, is older than 24 hours, or is incomplete."
      footer={hasOwner && <ToSignIn />}
    >
      <LinkCommand hasOwner={hasOwner} />
    </AuthFrame>
  );
}

function ToSignIn() {
  return (
    <>
      You have an account? <TextLink href="/sign-in">Sign in</TextLink>
    </>
  );
}

function SignedIn({ email, hasToken }: { email: string; hasToken: boolean }) {
  const router = useRouter();
  const [isPending, setIsPending] = useState(false);
  const signOut = () => {
    setIsPending(true);
    endSession()
      .then(() => router.refresh())
      .catch(showFailure)
      .finally(() => setIsPending(false));
  };
  return (
    <AuthFrame
      title="You are signed in"
      lead={
        <>
          As <b className="break-all text-ink">{email}</b>.
        </>
      }
    >
      <div className="flex flex-wrap gap-2">
        <ButtonLink href="/" variant="primary">
          Go to the overview
        </ButtonLink>
        {hasToken && (
          <Button isPending={isPending} onClick={signOut}>
            Sign out and use the link
          </Button>
        )}
      </div>
    </AuthFrame>
  );
}
