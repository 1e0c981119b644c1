'use client';
import { RotateCw } from 'lucide-react';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { Button, ButtonLink } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import { Message } from '@/components/ui/message';
import type { ErrorView } from '@/lib/errors';

/** The one way a failure is shown: what happened, what to do, its code, and a retry where that may help. */
export function ErrorNotice({
  error,
  onRetry,
  retryLabel = 'Try again',
  isRetrying = false,
  children,
  className,
}: {
  error: ErrorView;
  onRetry?: () => void;
  retryLabel?: string;
  isRetrying?: boolean;
  /** What else there is to know, below the hint. */
  children?: ReactNode;
  className?: string;
}) {
  const pathname = usePathname();
  const mustSignIn = error.code === 'NOT_SIGNED_IN';
  const retry = onRetry && (
    <Button
      size="sm"
      icon={<RotateCw aria-hidden />}
      isPending={isRetrying}
      onClick={onRetry}
    >
      {retryLabel}
    </Button>
  );
  const signIn = (
    <ButtonLink
      size="sm"
      href={`/sign-in?from=${encodeURIComponent(pathname)}`}
    >
      Sign in
    </ButtonLink>
  );
  return (
    <Notice
      tone="bad"
      role="alert"
      title={<Message text={error.message} />}
      actions={mustSignIn ? signIn : retry}
      {...(className ? { className } : {})}
    >
      <p>
        <Message text={error.hint} />{' '}
        <code className="text-2xs whitespace-nowrap text-ink-2">
          {error.code}
        </code>
      </p>
      {children}
    </Notice>
  );
}
