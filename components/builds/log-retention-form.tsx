'use client';
import { useQuery } from '@tanstack/react-query';
import { Card } from '@/components/ui/card';
import { Field } from '@/components/ui/field';
import { useZodForm } from '@/components/ui/form';
import { formatBytes } from '@/components/ui/format';
import { Input } from '@/components/ui/input';
import { SettingsForm } from '@/components/ui/settings-form';
import { LogRetention, type LogUsageView } from '@/lib/build/log-retention';
import { logUsage, useUpdateLogRetention } from '@/lib/queries/logs';

const FIELDS = [
  ['days', 'Days a log is kept'],
  ['gigabytes', 'Gigabytes all logs together may take'],
] as const;

/** How long logs of builds are kept, and what they take now. */
export function LogRetentionCard({ isOwner }: { isOwner: boolean }) {
  const { data } = useQuery(logUsage);
  return (
    <Card title="How long logs of builds are kept">
      {data && <LogRetentionForm usage={data} isOwner={isOwner} />}
    </Card>
  );
}

function LogRetentionForm({
  usage: { retention, bytes, keptBytes },
  isOwner,
}: {
  usage: LogUsageView;
  isOwner: boolean;
}) {
  const update = useUpdateLogRetention();
  const form = useZodForm(LogRetention, {
    defaultValues: {
      days: retention.days ?? '',
      gigabytes: retention.gigabytes ?? '',
    },
  });
  return (
    <SettingsForm
      form={form}
      label="Logs"
      isOwner={isOwner}
      onSave={update.mutateAsync}
      savedNote="What is past the limits is removed within minutes."
    >
      <p className="text-ink-2">
        Past a limit the logs of ended builds are removed, the oldest first.
        Builds, their steps, failures and digests stay, and of a failure the
        last lines. A build can be kept from its own page.
      </p>
      {FIELDS.map(([name, label]) => (
        <Field
          key={name}
          label={label}
          name={name}
          isOptional
          hint="Empty: no limit."
        >
          <Input
            {...form.register(name)}
            inputMode="numeric"
            readOnly={!isOwner}
            autoComplete="off"
          />
        </Field>
      ))}
      <p className="text-xs text-ink-3">
        Logs take {formatBytes(bytes)} now, as they are stored
        {keptBytes > 0 &&
          `, ${formatBytes(keptBytes)} of it of builds that are kept`}
        .
      </p>
    </SettingsForm>
  );
}
