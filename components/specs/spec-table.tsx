'use client';
import { useQuery } from '@tanstack/react-query';
import { FileCode2, FileUp, Plus } from 'lucide-react';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorNotice } from '@/components/ui/error-notice';
import { TextLink } from '@/components/ui/link';
import { Pager } from '@/components/ui/pager';
import { TableSkeleton } from '@/components/ui/skeleton';
import { StatusChip } from '@/components/ui/status-chip';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import type { SpecItemView } from '@/lib/build/spec-views';
import { errorView } from '@/lib/queries/fetch-json';
import { type SpecListFilter, specQueries } from '@/lib/queries/specs';

export function SpecTable({
  filter,
  hasRegistry,
}: {
  filter: SpecListFilter;
  hasRegistry: boolean;
}) {
  const { data, error, refetch } = useQuery(specQueries.list(filter));
  if (error && !data)
    return (
      <ErrorNotice error={errorView(error)} onRetry={() => void refetch()} />
    );
  if (!data) return <TableSkeleton columns={5} />;
  const isArchived = filter.archived === '1';
  if (data.items.length === 0 && !filter.before)
    return isArchived ? (
      <NoneArchived />
    ) : (
      <NoSpecs hasRegistry={hasRegistry} />
    );
  const page = (before?: string) => {
    const search = new URLSearchParams({
      ...(isArchived ? { archived: '1' } : {}),
      ...(before ? { before } : {}),
    }).toString();
    return search === '' ? '/specs' : `/specs?${search}`;
  };
  return (
    <>
      <Table label="Specs" narrow="stack">
        <THead>
          <Th>Spec</Th>
          <Th>Image</Th>
          <Th>Registry</Th>
          <Th>Last build</Th>
          <Th isNumeric>Revision</Th>
          <Th isNumeric>Saved</Th>
        </THead>
        <TBody>
          {data.items.map((spec) => (
            <SpecRow key={spec.id} spec={spec} />
          ))}
        </TBody>
      </Table>
      <Pager
        order="time"
        firstHref={filter.before ? page() : null}
        nextHref={data.next ? page(data.next) : null}
      />
    </>
  );
}

function SpecRow({ spec }: { spec: SpecItemView }) {
  const image = `${spec.imageName}:${spec.tag}`;
  return (
    <Tr>
      <Td className="sm:max-w-64">
        <TextLink
          href={`/specs/${spec.id}`}
          className="block truncate max-sm:font-semibold"
          title={spec.name}
        >
          {spec.name}
        </TextLink>
      </Td>
      <Td label="Image" className="min-w-0 sm:w-[40%] sm:max-w-0">
        <span
          className="block min-w-0 truncate font-mono text-xs"
          title={image}
        >
          {spec.imageName}
          <span className="text-ink-3">:{spec.tag}</span>
        </span>
      </Td>
      <Td label="Registry">
        {spec.registry ? (
          <TextLink href={`/registries/${spec.registry.id}`}>
            {spec.registry.name}
          </TextLink>
        ) : (
          <span className="text-ink-3">none</span>
        )}
      </Td>
      <Td label="Last build">
        <LastBuild spec={spec} />
      </Td>
      <Td label="Revision" isNumeric>
        {spec.revision}
      </Td>
      <Td label="Saved" isNumeric className="text-ink-2">
        <Time at={spec.savedAt} />
      </Td>
    </Tr>
  );
}

function LastBuild({ spec }: { spec: SpecItemView }) {
  const { lastBuild } = spec;
  if (!lastBuild) return <span className="text-ink-3">not built yet</span>;
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <StatusChip state={lastBuild.state} />
      <TextLink href={`/builds/${lastBuild.id}`} className="tabular-nums">
        #{lastBuild.number}
      </TextLink>
      {lastBuild.revision < spec.revision && (
        <span className="text-xs text-ink-3">of rev {lastBuild.revision}</span>
      )}
    </span>
  );
}

function NoSpecs({ hasRegistry }: { hasRegistry: boolean }) {
  if (!hasRegistry)
    return (
      <EmptyState
        icon={<FileCode2 />}
        title="First, a registry"
        action={
          <>
            <ButtonLink
              href="/registries/new"
              variant="primary"
              icon={<Plus aria-hidden />}
            >
              Add a registry
            </ButtonLink>
            <ButtonLink href="/specs/new">Write a spec anyway</ButtonLink>
          </>
        }
      >
        A spec describes an image; a build pushes it to a registry. Add the one
        your cluster pulls from, then describe the image.
      </EmptyState>
    );
  return (
    <EmptyState
      icon={<FileCode2 />}
      title="Describe the first image"
      action={
        <>
          <ButtonLink
            href="/specs/new"
            variant="primary"
            icon={<Plus aria-hidden />}
          >
            New spec
          </ButtonLink>
          <ButtonLink href="/tasks/import" icon={<FileUp aria-hidden />}>
            Read it from Python
          </ButtonLink>
        </>
      }
    >
      Packages, base image and commands go into a form; you see the Dockerfile
      and the exact tag flytekit would compute.
    </EmptyState>
  );
}

function NoneArchived() {
  return (
    <EmptyState
      icon={<FileCode2 />}
      title="Nothing is archived"
      action={<ButtonLink href="/specs">Back to the specs</ButtonLink>}
    >
      An archived spec keeps its revisions and builds, but is not built again.
    </EmptyState>
  );
}
