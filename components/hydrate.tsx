import {
  dehydrate,
  HydrationBoundary,
  QueryClient,
  type QueryKey,
} from '@tanstack/react-query';
import type { ReactNode } from 'react';

/** Seeds React Query with what the page has already read, so that the first render needs no request. */
export function Hydrate({
  seeds,
  children,
}: {
  seeds: readonly (readonly [QueryKey, unknown])[];
  children: ReactNode;
}) {
  const client = new QueryClient();
  for (const [key, data] of seeds) client.setQueryData(key, data);
  return (
    <HydrationBoundary state={dehydrate(client)}>{children}</HydrationBoundary>
  );
}
