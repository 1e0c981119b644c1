'use client';
import { useQuery } from '@tanstack/react-query';
import { Archive, Pencil } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { CredentialCard } from '@/components/registries/credential-card';
import { EditRegistryForm } from '@/components/registries/registry-form';
import { Button, ButtonLink } from '@/components/ui/button';
import { Card, Columns } from '@/components/ui/card';
import { Chip } from '@/components/ui/chip';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Dialog } from '@/components/ui/dialog';
import { Fact, Facts } from '@/components/ui/facts';
import { TextLink } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { Time } from '@/components/ui/time';
import { registryQueries, useArchiveRegistry } from '@/lib/queries/registries';
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
      <Facts>
        <Fact label="Images go to">
          <span className="font-mono text-xs">{registry.prefix}/…</span>
        </Fact>
        <Fact label="Address">
          {registry.isOpened
            ? `opened by the owner for ${registry.allowedRanges.join(', ')}`
            : 'public internet, https only'}
        </Fact>
        <Fact label="Added">
          <Time at={registry.createdAt} />
        </Fact>
      </Facts>
      <div className="mt-4">
        {registry.archivedAt ? (
          <Notice title="This registry is archived. Its credential is erased; history keeps pointing here." />
        ) : (
          <Columns>
            <CredentialCard
              registry={registry}
              purpose="push"
              isOwner={isOwner}
              testsAtOnce={testsAtOnce}
            />
            <SpecsCard registry={registry} />
          </Columns>
        )}
      </div>
    </>
  );
}

function SpecsCard({ registry }: { registry: RegistryView }) {
  return (
    <Card title="Specs that push here">
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
  const [isOpen, setOpen] = useState(false);
  const archive = useArchiveRegistry();
  const router = useRouter();
  return (
    <>
      <Dialog
        title="Change the registry"
        trigger={<Button icon={<Pencil />}>Change</Button>}
        isOpen={isOpen}
        onOpenChange={setOpen}
        isWide
      >
        <EditRegistryForm
          registry={registry}
          isOwner={isOwner}
          onDone={() => setOpen(false)}
        />
      </Dialog>
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
        Its credential is erased and no spec can push there. Builds and images
        of it stay.
      </ConfirmDialog>
    </>
  );
}
