'use client';
import { CloudSettingsForm } from '@/components/registries/cloud-settings-form';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { FormDialog } from '@/components/ui/form-dialog';
import { KeyValue, KeyValues } from '@/components/ui/facts';
import { isMadeBeforePush, KINDS } from '@/lib/registry/kinds';
import { parseEcrHost } from '@/lib/registry/kinds/ecr';
import { garLocation } from '@/lib/registry/kinds/gar';
import type { RegistryView } from '@/lib/registry/views';

/** What is known of a registry's kind: whose it is, what a push makes there, what it cannot do, and its cloud's settings. */
export function KindCard({
  registry,
  isOwner,
}: {
  registry: RegistryView;
  isOwner: boolean;
}) {
  const { kind, cloud } = registry;
  const facts = KINDS[kind];
  return (
    <Card
      title={facts.name}
      actions={
        cloud && <SettingsDialog registry={registry} isOwner={isOwner} />
      }
    >
      <KeyValues>
        {placeOf(registry.host).map(([label, value]) => (
          <KeyValue key={label} label={label}>
            <span className="font-mono text-xs">{value}</span>
          </KeyValue>
        ))}
        {cloud && isMadeBeforePush(kind) && (
          <KeyValue label="Missing repositories">
            {cloud.createsRepositories
              ? 'made before a push'
              : 'not made: a push there fails'}
          </KeyValue>
        )}
        {cloud?.endpoint && (
          <KeyValue label="Logins come from">
            <span className="font-mono text-xs">{cloud.endpoint}</span>
          </KeyValue>
        )}
        {cloud?.stsEndpoint && (
          <KeyValue label="Roles are assumed at">
            <span className="font-mono text-xs">{cloud.stsEndpoint}</span>
          </KeyValue>
        )}
        <KeyValue label="A push">{facts.onPush}</KeyValue>
      </KeyValues>
      {facts.limits.length > 0 && (
        <>
          <h3 className="mt-2 text-ink-3">Good to know</h3>
          <ul className="grid list-disc gap-1 pl-4">
            {facts.limits.map((limit) => (
              <li key={limit}>{limit}</li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}

/** What the host itself says. */
function placeOf(host: string): [label: string, value: string][] {
  const ecr = parseEcrHost(host);
  if (ecr)
    return [
      ['AWS account', ecr.account],
      ['Region', ecr.region],
    ];
  const location = garLocation(host);
  return location ? [['Location', location]] : [];
}

function SettingsDialog({
  registry,
  isOwner,
}: {
  registry: RegistryView;
  isOwner: boolean;
}) {
  return (
    <FormDialog
      title={`Settings for ${KINDS[registry.kind].name}`}
      trigger={<Button>Settings</Button>}
    >
      {(close) =>
        registry.cloud && (
          <CloudSettingsForm
            registryId={registry.id}
            kind={registry.kind}
            saved={registry.cloud}
            isOwner={isOwner}
            onDone={close}
          />
        )
      }
    </FormDialog>
  );
}
