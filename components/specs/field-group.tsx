'use client';
import { type ReactNode, useState } from 'react';
import { type UseFormReturn, useWatch } from 'react-hook-form';
import type { SpecDraft } from '@/components/specs/spec-draft';
import { Disclosure } from '@/components/ui/disclosure';

export type SpecFormApi = UseFormReturn<SpecDraft>;

/** Fields that are not called as the draft calls them. */
const CALLED: Partial<Record<keyof SpecDraft, string>> = {
  archive: 'project folder',
  flytekitVersion: 'flytekit version',
};

/** Fields few specs need. Closed, it says what is set in it and what is wrong in it. */
export function FieldGroup({
  form,
  title,
  about,
  names,
  children,
}: {
  form: SpecFormApi;
  title: string;
  /** What it holds, while nothing in it is set. */
  about: string;
  names: readonly (keyof SpecDraft)[];
  children: ReactNode;
}) {
  const { control, formState } = form;
  const values = useWatch({ control, name: [...names] });
  const set = names.filter((_, index) => values[index] !== '');
  const faults = names.filter((name) => formState.errors[name]).length;
  const [isOpenAtFirst] = useState(set.length > 0);
  return (
    <Disclosure
      isOpenAtFirst={isOpenAtFirst}
      summary={
        <span>
          {title}{' '}
          {faults > 0 ? (
            <span className="text-bad">· {faults} to correct</span>
          ) : (
            <span className="text-ink-3">
              ·{' '}
              {set.length > 0
                ? `${set.map((name) => CALLED[name] ?? name).join(', ')} set`
                : about}
            </span>
          )}
        </span>
      }
    >
      <div className="grid gap-3 pb-2">{children}</div>
    </Disclosure>
  );
}
