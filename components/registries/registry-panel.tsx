'use client';
import { useQuery } from '@tanstack/react-query';
import { Archive, Pencil, RefreshCw } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { BuildsCard } from '@/components/registries/builds-card';
import { CertificatesCard } from '@/components/registries/certificates-card';
import { CredentialCard } from '@/components/registries/credential-card';
import { PURPOSES } from '@/components/registries/purposes';
import { KindCard } from '@/components/registries/kind-card';
import { LimitCard } from '@/components/registries/limit-card';
import { ScanFailures } from '@/components/registries/scan-failures';
import { EditRegistryForm } from '@/components/registries/registry-form';
import { Button, ButtonLink } from '@/components/ui/button';
import { Card, Columns } from '@/components/ui/card';
import { Chip } from '@/components/ui/chip';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { FormDialog } from '@/components/ui/form-dialog';
import { Fact, Facts } from '@/components/ui/facts';
import { TextLink } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { Time } from '@/components/ui/time';
import { showFailure } from '@/components/ui/toast';
import { useRequestRegistrySync } from '@/lib/queries/inventory';
import { registryQueries, useArchiveRegistry } from '@/lib/queries/registries';
import { KINDS } from '@/lib/registry/kinds';
import type { RegistryView } from '@/lib/registry/views';

type PanelProps = {
  registryId: string;
  isOwner: boolean;
  testsAtOnce: boolean;
};

export function RegistryPanel({
  registryId,
  isOwner,
  testsAtOnce,
}: PanelProps) {
  const { data: registry } = useQuery(registryQueries.detail(registryId));
  if (!registry) return null;
  return (
    <>
      <PageHeader
        crumbs={[{ label: 'Registries', href: '/registries' }]}
        title={registry.name}
        status={
          <>
            {registry.archivedAt && <Chip>archived</Chip>}
            {registry.plainHttp && <Chip tone="warn">plain http</Chip>}
          </>
        }
        actions={
          !registry.archivedAt && (
            <Actions registry={registry} isOwner={isOwner} />
          )
        }
      />
      {!registry.archivedAt && <ScanFailures registryId={registryId} />}
      <Facts>
        <Fact label="Images go to">
          <span className="font-mono text-xs">{registry.prefix}/…</span>
        </Fact>
        <Fact label="Address">
          {registry.isOpened
            ? `opened by the owner for ${registry.allowedRanges.join(', ')}`
            : 'public internet, https only'}
        </Fact>
        <Fact label="Kind">{KINDS[registry.kind].name}</Fact>
        <Fact label="Added">
          <Time at={registry.createdAt} />
        </Fact>
      </Facts>
      <div className="mt-4">
        {registry.archivedAt ? (
          <Notice title="This registry is archived. Its credentials are erased; history keeps pointing here." />
        ) : (
          <Columns>
            <div className="grid gap-4">
              <CredentialCard
                registry={registry}
                purpose="push"
                isOwner={isOwner}
                testsAtOnce={testsAtOnce}
              />
              <SpecsCard registry={registry} />
              <BuildsCard registry={registry} isOwner={isOwner} />
              <LimitCard host={registry.host} />
              <KindCard registry={registry} isOwner={isOwner} />
            </div>
            <div className="grid gap-4">
              <CredentialCard
                registry={registry}
                purpose="pull"
                isOwner={isOwner}
              />
              <CredentialCard
                registry={registry}
                purpose="cluster"
                isOwner={isOwner}
              />
              {registry.changes.length > 0 && (
                <ChangesCard registry={registry} />
              )}
              {registry.certificates.length > 0 && (
                <CertificatesCard registry={registry} />
              )}
            </div>
          </Columns>
        )}
      </div>
    </>
  );
}

function SpecsCard({ registry }: { registry: RegistryView }) {
  return (
    <Card title="Used by">
      {registry.specs.length === 0 ? (
        <div className="grid justify-items-start gap-2">
          <p className="text-ink-2">None yet.</p>
          <ButtonLink href={`/specs/new?registry=${registry.id}`}>
            Define an ImageSpec
          </ButtonLink>
        </div>
      ) : (
        <ul className="grid gap-1">
          {registry.specs.map((spec) => (
            <li key={spec.id} className="flex items-center gap-2">
              <TextLink href={`/specs/${spec.id}`}>{spec.name}</TextLink>
              {spec.archivedAt && <Chip>archived</Chip>}
            </li>
          ))}
        </ul>
      )}
      {registry.builds.length > 0 && (
        <>
          <h3 className="mt-3 mb-1 text-xs text-ink-3">Last builds</h3>
          <ul className="grid gap-1">
            {registry.builds.map((build) => (
              <li key={build.id} className="flex items-center gap-2">
                <TextLink href={`/builds/${build.id}`}>
                  {build.specName} #{build.number}
                </TextLink>
                <Time at={build.createdAt} className="text-ink-3" />
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}

/** When a credential stopped working, and when it worked again. */
function ChangesCard({ registry }: { registry: RegistryView }) {
  return (
    <Card title="What tests found to change">
      <ul className="grid gap-1.5">
        {registry.changes.map((change) => (
          <li key={change.id} className="flex flex-wrap items-center gap-2">
            <Chip tone={change.isFailing ? 'bad' : 'good'}>
              {PURPOSES[change.purpose].title}{' '}
              {change.isFailing ? 'fails' : 'works again'}
            </Chip>
            <span className="min-w-0 text-ink-2">{change.explanation}</span>
            <Time at={change.at} className="text-ink-3" />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Actions({
  registry,
  isOwner,
}: {
  registry: RegistryView;
  isOwner: boolean;
}) {
  const archive = useArchiveRegistry();
  const read = useRequestRegistrySync();
  const router = useRouter();
  return (
    <>
      <Button
        icon={<RefreshCw />}
        isPending={read.isPending}
        onClick={() =>
          read.mutate(
            { registryId: registry.id },
            {
              onError: showFailure,
              onSuccess: () =>
                router.push(
                  `/images/repositories?q=${encodeURIComponent(registry.prefix)}`,
                ),
            },
          )
        }
      >
        Read its images
      </Button>
      <FormDialog
        title="Change the registry"
        trigger={<Button icon={<Pencil />}>Change</Button>}
        isWide
      >
        {(close) => (
          <EditRegistryForm
            registry={registry}
            isOwner={isOwner}
            onDone={close}
          />
        )}
      </FormDialog>
      <ConfirmDialog
        title={`Archive ${registry.name}?`}
        confirmLabel="Archive it"
        onConfirm={async () => {
          await archive.mutateAsync({ registryId: registry.id });
          router.push('/registries');
        }}
        trigger={
          <Button variant="danger" icon={<Archive />}>
            Archive
          </Button>
        }
      >
        Its credentials are erased and no spec can push there. Builds and images
        of it stay.
      </ConfirmDialog>
    </>
  );
}
