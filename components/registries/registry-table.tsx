'use client';
import { useQuery } from '@tanstack/react-query';
import { Boxes, Plus } from 'lucide-react';
import { CheckChip } from '@/components/registries/check-chip';
import { ExpiryChip } from '@/components/registries/expiry-chip';
import { PURPOSES } from '@/components/registries/purposes';
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
        <Th>Credentials</Th>
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
  const push = chooseCredential(registry.credentials, 'push');
  const pull = chooseCredential(registry.credentials, 'pull');
  const used = registry.credentials
    .flatMap(({ lastUsedAt }) => lastUsedAt ?? [])
    .sort()
    .at(-1);
  return (
    <Tr>
      <Td label="Registry">
        <TextLink href={`/registries/${registry.id}`}>{registry.name}</TextLink>
      </Td>
      <Td label="Images go to">
        <span className="font-mono text-xs">{registry.prefix}</span>{' '}
        {registry.plainHttp && <Chip tone="warn">http</Chip>}
      </Td>
      <Td label="Credentials">
        {registry.credentials.length > 0 ? (
          <span className="inline-flex flex-wrap items-center gap-1">
            {registry.credentials.map(({ purpose, username }) => (
              <Chip key={purpose} title={username}>
                {PURPOSES[purpose].word}
              </Chip>
            ))}
            <ExpiryChip expiresAt={nextEnd(registry)} />
          </span>
        ) : (
          <span className="text-ink-3">none</span>
        )}
      </Td>
      <Td label="Last test">
        {push?.lastCheck || pull?.lastCheck ? (
          <span className="inline-flex flex-wrap gap-1">
            {push?.lastCheck && (
              <CheckChip purpose="Push" result={push.lastCheck.push} />
            )}
            {pull?.lastCheck && (
              <CheckChip purpose="Pull" result={pull.lastCheck.pull} />
            )}
          </span>
        ) : (
          <span className="text-ink-3">
            {(push ?? pull) ? 'not tested' : '–'}
          </span>
        )}
      </Td>
      <Td label="Specs" isNumeric>
        {registry.specCount}
      </Td>
      <Td label="Last used" isNumeric className="text-ink-2">
        {used ? <Time at={used} /> : <span className="text-ink-3">never</span>}
      </Td>
    </Tr>
  );
}

/** The end of the credential that ends first. */
function nextEnd({ credentials }: RegistryItemView): string | null {
  const ends = credentials.flatMap(({ expiresAt }) => expiresAt ?? []).sort();
  return ends[0] ?? null;
}

function NoRegistries() {
  return (
    <EmptyState
      icon={<Boxes />}
      title="No registry yet"
      action={
        <span className="flex flex-wrap justify-center gap-2">
          <ButtonLink href="/registries/new" variant="primary" icon={<Plus />}>
            Add a registry
          </ButtonLink>
          <ButtonLink href="/registries/import">
            Import a config.json
          </ButtonLink>
        </span>
      }
    >
      Builds push their images to a registry. Its credential is kept here,
      sealed, and shared with your team.
    </EmptyState>
  );
}
