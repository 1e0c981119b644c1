'use client';
import { useQuery } from '@tanstack/react-query';
import { ErrorNotice } from '@/components/ui/error-notice';
import { TextLink } from '@/components/ui/link';
import { Time } from '@/components/ui/time';
import { showFailure } from '@/components/ui/toast';
import {
  inventoryQueries,
  useRequestRegistrySync,
} from '@/lib/queries/inventory';
import type { RegistryScanView } from '@/lib/registry/inventory-views';

/**
 * Registries whose images could not be read, each with what to do; of one registry where it is named. Seed
 * `inventoryKeys.scans`.
 */
export function ScanFailures({ registryId }: { registryId?: string }) {
  const { data = [] } = useQuery(inventoryQueries.scans);
  return data
    .filter(
      ({ registry }) => registryId === undefined || registry.id === registryId,
    )
    .map((scan) => (
      <ScanFailure
        key={scan.registry.id}
        scan={scan}
        hasLink={registryId === undefined}
      />
    ));
}

function ScanFailure({
  scan: { registry, failure, isReading, readAt },
  hasLink,
}: {
  scan: RegistryScanView;
  hasLink: boolean;
}) {
  const read = useRequestRegistrySync();
  if (!failure) return null;
  return (
    <ErrorNotice
      className="mb-3"
      error={{
        ...failure,
        message: `The repositories of ${registry.name} could not be listed. ${failure.message}`,
      }}
      retryLabel="Read again"
      isRetrying={read.isPending || isReading}
      onRetry={() =>
        read.mutate({ registryId: registry.id }, { onError: showFailure })
      }
    >
      <p>
        {readAt === null ? (
          'They were never listed.'
        ) : (
          <>
            They were last listed <Time at={readAt} />.
          </>
        )}{' '}
        It is tried again by itself every six hours.
        {hasLink && (
          <>
            {' '}
            <TextLink href={`/registries/${registry.id}`}>
              Open {registry.name}
            </TextLink>
          </>
        )}
      </p>
    </ErrorNotice>
  );
}
