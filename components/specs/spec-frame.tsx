'use client';
import { useQuery } from '@tanstack/react-query';
import { Archive, ArchiveRestore, Ellipsis, Pencil } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { BaseNotice } from '@/components/builds/base-notice';
import { LimitNote } from '@/components/registries/limit-note';
import { BuildButton } from '@/components/specs/build-button';
import { Button, ButtonLink } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { formatCount } from '@/components/ui/format';
import { Menu, MenuItem } from '@/components/ui/menu';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { LinkTabs } from '@/components/ui/tabs';
import { showFailure } from '@/components/ui/toast';
import type { SpecView } from '@/lib/build/spec-views';
import { buildHosts } from '@/lib/imagespec/hosts';
import {
  specQueries,
  useArchiveSpec,
  useRestoreSpec,
} from '@/lib/queries/specs';

export type SpecTab =
  '' | '/checks' | '/use' | '/revisions' | '/builds' | '/tasks';

/** What every page of a spec has above it: its name, what can be done, its tabs. */
export function SpecFrame({
  specId,
  tab,
  children,
}: {
  specId: string;
  tab: SpecTab;
  children: ReactNode;
}) {
  const { data: spec } = useQuery(specQueries.detail(specId));
  const { data: helpers } = useQuery(specQueries.helperImages);
  if (!spec) return null;
  const href = `/specs/${specId}`;
  return (
    <>
      <PageHeader
        crumbs={[{ label: 'Specs', href: '/specs' }]}
        title={spec.name}
        status={
          <>
            <Chip>revision {spec.revision.number}</Chip>
            {spec.archivedAt && <Chip tone="warn">archived</Chip>}
            {spec.published?.bases.some(({ hasMoved }) => hasMoved) && (
              <Chip tone="warn">base moved</Chip>
            )}
          </>
        }
        actions={
          spec.archivedAt ? (
            <RestoreButton specId={specId} />
          ) : (
            <Actions spec={spec} />
          )
        }
      />
      {spec.archivedAt && (
        <Notice
          tone="warn"
          className="mb-4"
          title="This spec is archived: it is not listed and cannot be built."
        >
          Its revisions, builds and images stay. Restore it to go on.
        </Notice>
      )}
      {!spec.archivedAt && (
        <>
          <BaseNotice bases={spec.published?.bases ?? []} className="mb-4" />
          {helpers && (
            <LimitNote
              hosts={buildHosts(spec.revision.fields, helpers)}
              spending="build"
              className="mb-2"
            />
          )}
        </>
      )}
      <LinkTabs
        label="Parts of this spec"
        current={`${href}${tab}`}
        tabs={[
          { href, label: 'Definition' },
          { href: `${href}/checks`, label: 'Lint and tags' },
          { href: `${href}/use`, label: 'Use it' },
          {
            href: `${href}/revisions`,
            label: 'Revisions',
            count: formatCount(spec.revision.number),
          },
          {
            href: `${href}/builds`,
            label: 'Builds',
            count: formatCount(spec.buildCount),
          },
          {
            href: `${href}/tasks`,
            label: 'Tasks',
            count: formatCount(spec.taskCount),
          },
        ]}
      />
      <div className="pt-4">{children}</div>
    </>
  );
}

function Actions({ spec }: { spec: SpecView }) {
  const [isAsking, setAsking] = useState(false);
  const archive = useArchiveSpec();
  return (
    <>
      <ButtonLink href={`/specs/${spec.id}/edit`} icon={<Pencil aria-hidden />}>
        Edit
      </ButtonLink>
      <BuildButton spec={spec} />
      <Menu
        trigger={
          <Button icon={<Ellipsis aria-hidden />} aria-label="More actions" />
        }
      >
        <MenuItem
          icon={<Archive aria-hidden />}
          isDanger
          onSelect={() => setAsking(true)}
        >
          Archive
        </MenuItem>
      </Menu>
      <ConfirmDialog
        title={`Archive ${spec.name}?`}
        confirmLabel="Archive it"
        isOpen={isAsking}
        onOpenChange={setAsking}
        onConfirm={() => archive.mutateAsync({ specId: spec.id })}
      >
        It leaves the lists and cannot be built. Revisions, builds, images and
        the tasks that use them stay, and it can be restored.
      </ConfirmDialog>
    </>
  );
}

function RestoreButton({ specId }: { specId: string }) {
  const restore = useRestoreSpec();
  return (
    <Button
      icon={<ArchiveRestore aria-hidden />}
      isPending={restore.isPending}
      onClick={() => restore.mutate({ specId }, { onError: showFailure })}
    >
      Restore
    </Button>
  );
}
