'use client';
import { useQuery } from '@tanstack/react-query';
import { LimitsFields } from '@/components/specs/limits-fields';
import { Card } from '@/components/ui/card';
import { useZodForm } from '@/components/ui/form';
import { SettingsForm } from '@/components/ui/settings-form';
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
  const update = useUpdateTeamLimits();
  const form = useZodForm(OwnLimits, {
    defaultValues: {
      totalMinutes: saved.totalMinutes ?? '',
      idleMinutes: saved.idleMinutes ?? '',
    },
  });
  return (
    <SettingsForm
      form={form}
      label="Time limits"
      isOwner={isOwner}
      onSave={update.mutateAsync}
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
    </SettingsForm>
  );
}
