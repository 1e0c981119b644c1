'use client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { LimitsFields } from '@/components/specs/limits-fields';
import { Card } from '@/components/ui/card';
import {
  Form,
  FormFailure,
  SubmitButton,
  useZodForm,
} from '@/components/ui/form';
import { Notice } from '@/components/ui/notice';
import { DEFAULT_LIMITS, OwnLimits } from '@/lib/build/limits';
import { specQueries, useUpdateTeamLimits } from '@/lib/queries/specs';

/** How long every build of the team may take. */
export function TeamLimitsCard({ isOwner }: { isOwner: boolean }) {
  const { data } = useQuery(specQueries.limits);
  return (
    <Card title="Time limits of every build of this team">
      {data && <TeamLimitsForm saved={data} isOwner={isOwner} />}
    </Card>
  );
}

function TeamLimitsForm({
  saved,
  isOwner,
}: {
  saved: OwnLimits;
  isOwner: boolean;
}) {
  const [isSaved, setSaved] = useState(false);
  const update = useUpdateTeamLimits();
  const form = useZodForm(OwnLimits, {
    defaultValues: {
      totalMinutes: saved.totalMinutes ?? '',
      idleMinutes: saved.idleMinutes ?? '',
    },
  });
  return (
    <Form
      form={form}
      label="Time limits"
      onSubmit={async (limits) => {
        setSaved(false);
        await update.mutateAsync(limits);
        setSaved(true);
      }}
    >
      <p className="text-ink-2">
        A build past one of them is stopped and ends as timed out. A spec may
        have limits of its own.
      </p>
      <LimitsFields
        register={form.register}
        above={DEFAULT_LIMITS}
        isReadOnly={!isOwner}
      />
      <p className="text-xs text-ink-3">
        They hold for builds that are asked for from now on.
      </p>
      <FormFailure />
      {isSaved && <Notice tone="good" role="status" title="Saved." />}
      <div>
        <SubmitButton
          disabledReason={!isOwner && 'Only an owner of the team may do that.'}
        >
          Save
        </SubmitButton>
      </div>
    </Form>
  );
}
