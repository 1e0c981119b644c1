'use client';
import { AuthFrame } from '@/components/auth/auth-frame';
import { PageFailure } from '@/components/shell/page-failure';

export default function RootError({
  error,
  retry,
}: {
  error: unknown;
  retry: () => void;
}) {
  return (
    <AuthFrame title="This page could not be shown">
      <PageFailure error={error} retry={retry} />
    </AuthFrame>
  );
}
