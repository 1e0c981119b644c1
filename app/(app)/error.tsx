'use client';
import { PageFailure } from '@/components/shell/page-failure';

export default function AppError({
  error,
  retry,
}: {
  error: unknown;
  retry: () => void;
}) {
  return (
    <>
      <h1 className="mb-4 text-xl font-semibold tracking-tight">
        This page could not be shown
      </h1>
      <PageFailure error={error} retry={retry} />
    </>
  );
}
