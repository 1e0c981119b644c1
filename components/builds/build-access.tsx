'use client';
import { useQuery } from '@tanstack/react-query';
import { AccessCard } from '@/components/images/access-card';
import { ErrorNotice } from '@/components/ui/error-notice';
import { Skeleton } from '@/components/ui/skeleton';
import type { BuildView } from '@/lib/build/views';
import { errorView } from '@/lib/queries/fetch-json';
import { imageQueries } from '@/lib/queries/images';

/** Who can pull what a build published. */
export function BuildAccess({
  build: { repository },
  digest,
}: {
  build: BuildView;
  digest: string;
}) {
  const { data, error } = useQuery(imageQueries.detail(repository.id, digest));
  if (data) return <AccessCard image={data} />;
  if (error) return <ErrorNotice error={errorView(error)} />;
  return <Skeleton className="h-40 rounded-lg" />;
}
