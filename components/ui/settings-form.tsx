'use client';
import { type ReactNode, useState } from 'react';
import type { FieldValues, UseFormReturn } from 'react-hook-form';
import { Form, FormFailure, SubmitButton } from '@/components/ui/form';
import { Notice } from '@/components/ui/notice';
import { OWNER_ONLY } from '@/components/ui/owner-only';

/** A form of settings of the team, which only owners save: it stays where it is, and says that they are saved. */
export function SettingsForm<Input extends FieldValues, Output>({
  form,
  label,
  isOwner,
  onSave,
  savedNote,
  children,
}: {
  form: UseFormReturn<Input, unknown, Output>;
  label: string;
  isOwner: boolean;
  onSave: (values: Output) => Promise<unknown>;
  /** What follows from it, said once it is saved. */
  savedNote?: ReactNode;
  children: ReactNode;
}) {
  const [isSaved, setSaved] = useState(false);
  return (
    <Form
      form={form}
      label={label}
      onSubmit={async (values) => {
        setSaved(false);
        await onSave(values);
        setSaved(true);
      }}
    >
      {children}
      <FormFailure />
      {isSaved && (
        <Notice tone="good" role="status" title="Saved.">
          {savedNote}
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
