'use client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Card } from '@/components/ui/card';
import { Field } from '@/components/ui/field';
import {
  Form,
  FormFailure,
  SubmitButton,
  useZodForm,
} from '@/components/ui/form';
import { formatBytes } from '@/components/ui/format';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { OWNER_ONLY } from '@/components/ui/owner-only';
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
  const [isSaved, setSaved] = useState(false);
  const update = useUpdateLogRetention();
  const form = useZodForm(LogRetention, {
    defaultValues: {
      days: retention.days ?? '',
      gigabytes: retention.gigabytes ?? '',
    },
  });
  return (
    <Form
      form={form}
      label="Logs"
      onSubmit={async (values) => {
        setSaved(false);
        await update.mutateAsync(values);
        setSaved(true);
      }}
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
      <FormFailure />
      {isSaved && (
        <Notice tone="good" role="status" title="Saved.">
          What is past the limits is removed within minutes.
        </Notice>
      )}
      <div>
        <SubmitButton disabledReason={!isOwner && OWNER_ONLY}>
          Save
        </SubmitButton>
      </div>
    </Form>
  );
}
