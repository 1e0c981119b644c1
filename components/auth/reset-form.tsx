'use client';
import { useMutation } from '@tanstack/react-query';
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
import { PasswordInput } from '@/components/ui/password-input';
import { ResetOwner } from '@/lib/account-schema';
import { resetOwner } from '@/lib/actions/account';
import { unwrap } from '@/lib/queries/fetch-json';

/** A new password for the owner, by a one-time link. Signs in with it. */
export function ResetForm({ token, email }: { token: string; email: string }) {
  const form = useZodForm(ResetOwner, {
    defaultValues: { token, password: '' },
  });
  const password = useWatch({ control: form.control, name: 'password' });
  const reset = useMutation({
    mutationFn: async (input: ResetOwner) => unwrap(await resetOwner(input)),
  });
  const submit = async (input: ResetOwner) => {
    const owner = await reset.mutateAsync(input);
    const isIn = await enter(owner.email, input.password).then(
      () => true,
      () => false,
    );
    await loadPage(isIn ? '/' : '/sign-in');
  };
  return (
    <Form form={form} onSubmit={submit} label="Reset">
      <FormFailure />
      {/* Password managers keep a new password under the address they find in the same form. */}
      <input
        type="email"
        name="email"
        value={email}
        autoComplete="username"
        readOnly
        hidden
      />
      <Field
        label="New password"
        name="password"
        hint={<PasswordStrengthMeter password={password} known={[email]} />}
      >
        <PasswordInput
          {...form.register('password')}
          autoComplete="new-password"
          autoFocus
        />
      </Field>
      <SubmitButton className="mt-1 h-8!">Set the password</SubmitButton>
    </Form>
  );
}
