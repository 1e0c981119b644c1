'use client';
import { useQuery } from '@tanstack/react-query';
import { Pencil } from 'lucide-react';
import { LimitsFields } from '@/components/specs/limits-fields';
import { Button } from '@/components/ui/button';
import { FormDialog } from '@/components/ui/form-dialog';
import { Form, FormEnd, useZodForm } from '@/components/ui/form';
import type { SpecView } from '@/lib/build/spec-views';
import {
  type BuildLimits,
  describeMinutes,
  resolveLimits,
  SetSpecLimits,
} from '@/lib/build/limits';
import { specQueries, useSetSpecLimits } from '@/lib/queries/specs';

/** How long builds of a spec may take, and the way to change that. */
export function SpecLimits({ spec }: { spec: SpecView }) {
  const { data: team } = useQuery(specQueries.limits);
  const above = resolveLimits(...(team ? [team] : []));
  const { totalMinutes, idleMinutes } = resolveLimits(spec.limits, above);
  return (
    <span className="inline-flex flex-wrap items-center gap-1">
      {describeMinutes(totalMinutes)}, {describeMinutes(idleMinutes)} without
      output
      <FormDialog
        title={`Time limits of ${spec.name}`}
        description="Empty: the team's. They hold from the next build on."
        trigger={
          <Button
            size="sm"
            variant="ghost"
            icon={<Pencil aria-hidden />}
            aria-label="Change how long a build may take"
          />
        }
      >
        {(close) => <LimitsForm spec={spec} above={above} onDone={close} />}
      </FormDialog>
    </span>
  );
}

function LimitsForm({
  spec,
  above,
  onDone,
}: {
  spec: SpecView;
  above: BuildLimits;
  onDone: () => void;
}) {
  const form = useZodForm(SetSpecLimits, {
    defaultValues: {
      specId: spec.id,
      totalMinutes: spec.limits.totalMinutes ?? '',
      idleMinutes: spec.limits.idleMinutes ?? '',
    },
  });
  const set = useSetSpecLimits();
  return (
    <Form
      form={form}
      label={`Time limits of ${spec.name}`}
      onSubmit={async (input) => {
        await set.mutateAsync(input);
        onDone();
      }}
    >
      <LimitsFields register={form.register} above={above} />
      <FormEnd>Save</FormEnd>
    </Form>
  );
}
