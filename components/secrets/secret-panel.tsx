'use client';
import { useQuery } from '@tanstack/react-query';
import { KeyRound, Plus } from 'lucide-react';
import { SecretTable } from '@/components/secrets/secret-table';
import { StoreDialog } from '@/components/secrets/store-dialog';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorNotice } from '@/components/ui/error-notice';
import { Notice } from '@/components/ui/notice';
import { OWNER_ONLY } from '@/components/ui/owner-only';
import { PageHeader } from '@/components/ui/page-header';
import { TableSkeleton } from '@/components/ui/skeleton';
import type { SecretView } from '@/lib/imagespec/secrets';
import { errorView } from '@/lib/queries/fetch-json';
import { secretQueries } from '@/lib/queries/secrets';

/** The team's secrets: what they are for, the list, and the ways to add, replace and delete one. */
export function SecretPanel({ isOwner }: { isOwner: boolean }) {
  const { data, error, refetch } = useQuery(secretQueries.list);
  const hasSome = data !== undefined && data.length > 0;
  return (
    <>
      <PageHeader
        title="Secrets"
        actions={hasSome && <AddButton secrets={data} isOwner={isOwner} />}
      >
        Files that a build may read while packages are installed, and that are
        in no layer of the image.
      </PageHeader>
      {!isOwner && (
        <Notice
          title="Only an owner of the team stores, replaces and deletes secrets"
          className="mb-4"
        >
          A build can read what is mounted into it, so an owner decides what is
          here. Everybody in the team can mount these in a spec, by name.
        </Notice>
      )}
      {error && !data ? (
        <ErrorNotice error={errorView(error)} onRetry={() => void refetch()} />
      ) : !data ? (
        <TableSkeleton columns={6} />
      ) : hasSome ? (
        <SecretTable secrets={data} isOwner={isOwner} />
      ) : (
        <EmptyState
          icon={<KeyRound />}
          title="No secret yet"
          action={<AddButton secrets={data} isOwner={isOwner} />}
        >
          <p>
            A private package index asks for a login, which stands in a file
            such as <code>.netrc</code> or <code>pip.conf</code>. Store it here,
            and name it in <code>pip_secret_mounts</code> of an ImageSpec:
          </p>
          <p className="my-2">
            <code>
              pip_secret_mounts=[(&quot;.netrc&quot;, &quot;/root/.netrc&quot;)]
            </code>
          </p>
          <p>
            Builds read it while packages are installed. It is in no layer, in
            no log and not in the tag.
          </p>
        </EmptyState>
      )}
    </>
  );
}

function AddButton({
  secrets,
  isOwner,
}: {
  secrets: readonly SecretView[];
  isOwner: boolean;
}) {
  return (
    <StoreDialog
      taken={secrets.map(({ name }) => name)}
      trigger={
        <Button
          variant="primary"
          icon={<Plus aria-hidden />}
          disabledReason={!isOwner && OWNER_ONLY}
        >
          Add a secret
        </Button>
      }
    />
  );
}
