import { PackageOpen } from 'lucide-react';
import { BuildNumberLink } from '@/components/builds/build-number-link';
import { PackageList } from '@/components/packages/package-list';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorNotice } from '@/components/ui/error-notice';
import { Skeleton } from '@/components/ui/skeleton';
import type { PackagesView } from '@/lib/build/views';
import { errorView } from '@/lib/queries/fetch-json';

/** What was answered to the question for an image's packages; `own` is the build whose page it stands on. */
export function PackagesAnswer({
  query: { data, error, refetch, isFetching },
  own,
}: {
  query: {
    data: PackagesView | null | undefined;
    error: Error | null;
    refetch: () => unknown;
    isFetching: boolean;
  };
  own?: string;
}) {
  if (error)
    return (
      <ErrorNotice
        error={errorView(error)}
        onRetry={() => void refetch()}
        isRetrying={isFetching}
      />
    );
  if (data === undefined) return <Skeleton className="h-40" />;
  if (data === null)
    return (
      <EmptyState
        icon={<PackageOpen />}
        title="Nobody looked inside this image"
      >
        Its packages are read when it is built here, without starting anything
        of it.
      </EmptyState>
    );
  return (
    <>
      {data.build.id !== own && (
        <p className="mb-2 text-ink-2">
          Read when build <BuildNumberLink build={data.build} /> made the image.
        </p>
      )}
      <PackageList view={data} isFolded={own === undefined} />
    </>
  );
}
