'use client';
import { useQuery } from '@tanstack/react-query';
import { Boxes, Plus } from 'lucide-react';
import { CheckChip } from '@/components/registries/check-chip';
import { ButtonLink } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorNotice } from '@/components/ui/error-notice';
import { TextLink } from '@/components/ui/link';
import { TableSkeleton } from '@/components/ui/skeleton';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import { errorView } from '@/lib/queries/fetch-json';
import { registryQueries } from '@/lib/queries/registries';
import { chooseCredential } from '@/lib/registry/credential';
import type { RegistryItemView } from '@/lib/registry/views';

export function RegistryTable() {
  const { data, error, refetch } = useQuery(registryQueries.list);
  if (error && !data)
    return (
      <ErrorNotice error={errorView(error)} onRetry={() => void refetch()} />
    );
  if (!data) return <TableSkeleton columns={5} />;
  if (data.length === 0) return <NoRegistries />;
  return (
    <Table label="Registries" narrow="stack">
      <THead>
        <Th>Registry</Th>
        <Th>Images go to</Th>
        <Th>Credential</Th>
        <Th>Last test</Th>
        <Th isNumeric>Specs</Th>
        <Th isNumeric>Last used</Th>
      </THead>
      <TBody>
        {data.map((registry) => (
          <RegistryRow key={registry.id} registry={registry} />
        ))}
      </TBody>
    </Table>
  );
}

function RegistryRow({ registry }: { registry: RegistryItemView }) {
  const credential = chooseCredential(registry.credentials, 'pull');
  return (
    <Tr>
      <Td label="Registry">
        <TextLink href={`/registries/${registry.id}`}>{registry.name}</TextLink>
      </Td>
      <Td label="Images go to">
        <span className="font-mono text-xs">{registry.prefix}</span>{' '}
        {registry.plainHttp && <Chip tone="warn">http</Chip>}
      </Td>
      <Td label="Credential">
        {credential ? (
          <span className="font-mono text-xs">{credential.username}</span>
        ) : (
          <span className="text-ink-3">none</span>
        )}
      </Td>
      <Td label="Last test">
        {credential?.lastCheck ? (
          <span className="inline-flex flex-wrap gap-1">
            <CheckChip purpose="Push" result={credential.lastCheck.push} />
            <CheckChip purpose="Pull" result={credential.lastCheck.pull} />
          </span>
        ) : (
          <span className="text-ink-3">{credential ? 'not tested' : '–'}</span>
        )}
      </Td>
      <Td label="Specs" isNumeric>
        {registry.specCount}
      </Td>
      <Td label="Last used" isNumeric className="text-ink-2">
        {credential?.lastUsedAt ? (
          <Time at={credential.lastUsedAt} />
        ) : (
          <span className="text-ink-3">never</span>
        )}
      </Td>
    </Tr>
  );
}

function NoRegistries() {
  return (
    <EmptyState
      icon={<Boxes />}
      title="No registry yet"
      action={
        <ButtonLink href="/registries/new" variant="primary" icon={<Plus />}>
          Add a registry
        </ButtonLink>
      }
    >
      Builds push their images to a registry. Its credential is kept here,
      sealed, and shared with your team.
    </EmptyState>
  );
}
