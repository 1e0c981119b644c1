'use client';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useWatch } from 'react-hook-form';
import { PasswordStrengthMeter } from '@/components/auth/password-strength-meter';
import { enter, loadPage } from '@/components/auth/session';
import { Field } from '@/components/ui/field';
import {
  Form,
  FormFailure,
  SubmitButton,
  useZodForm,
} from '@/components/ui/form';
import { Notice } from '@/components/ui/notice';
import { PasswordInput } from '@/components/ui/password-input';
import { ChangePassword } from '@/lib/account-schema';
import { changePassword } from '@/lib/actions/account';
import { unwrap } from '@/lib/queries/fetch-json';

/** Changes one's own password. That ends every session, so this browser signs in again with the new one. */
export function ChangePasswordForm({ email }: { email: string }) {
  const router = useRouter();
  const [isDone, setIsDone] = useState(false);
  const form = useZodForm(ChangePassword, {
    defaultValues: { current: '', password: '' },
  });
  const password = useWatch({ control: form.control, name: 'password' });
  const change = useMutation({
    mutationFn: async (input: ChangePassword) =>
      unwrap(await changePassword(input)),
  });
  const submit = async (input: ChangePassword) => {
    setIsDone(false);
    const changed = await change.mutateAsync(input);
    await enter(changed.email, input.password).catch(() =>
      loadPage('/sign-in?from=/account'),
    );
    form.reset();
    setIsDone(true);
    router.refresh();
  };
  return (
    <Form
      form={form}
      onSubmit={submit}
      label="Change password"
      className="max-w-[22rem]"
    >
      <FormFailure />
      {isDone && (
        <Notice tone="good" role="status" title="Password changed">
          Every other session of yours is signed out.
        </Notice>
      )}
      <input
        type="email"
        name="email"
        value={email}
        autoComplete="username"
        readOnly
        hidden
      />
      <Field label="Current password" name="current">
        <PasswordInput
          {...form.register('current')}
          autoComplete="current-password"
        />
      </Field>
      <Field
        label="New password"
        name="password"
        hint={<PasswordStrengthMeter password={password} known={[email]} />}
      >
        <PasswordInput
          {...form.register('password')}
          autoComplete="new-password"
        />
      </Field>
      <div>
        <SubmitButton>Change password</SubmitButton>
      </div>
    </Form>
  );
}
