'use client';
import { useQuery } from '@tanstack/react-query';
import { PackagesAnswer } from '@/components/packages/packages-answer';
import { imageQueries } from '@/lib/queries/images';

/** The packages inside an image that was built here. */
export function ImagePackages({
  repositoryId,
  digest,
}: {
  repositoryId: string;
  digest: string;
}) {
  const query = useQuery(imageQueries.packages(repositoryId, digest));
  return <PackagesAnswer query={query} />;
}
