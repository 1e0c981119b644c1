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
import { Input } from '@/components/ui/input';
import { PasswordInput } from '@/components/ui/password-input';
import { SetUpOwner } from '@/lib/account-schema';
import { setUpOwner } from '@/lib/actions/account';
import { unwrap } from '@/lib/queries/fetch-json';

/** The first account: its owner, and the name of the team. Signs in with it. */
export function OwnerForm({ token }: { token: string }) {
  const form = useZodForm(SetUpOwner, {
    defaultValues: { token, teamName: '', name: '', email: '', password: '' },
  });
  const [password, teamName, name, email] = useWatch({
    control: form.control,
    name: ['password', 'teamName', 'name', 'email'],
  });
  const create = useMutation({
    mutationFn: async (input: SetUpOwner) => unwrap(await setUpOwner(input)),
  });
  const submit = async (input: SetUpOwner) => {
    const made = await create.mutateAsync(input);
    // The account exists now and the link is used up, so whatever happens here must not come back to this form.
    const isIn = await enter(made.email, input.password).then(
      () => true,
      () => false,
    );
    await loadPage(isIn ? '/' : '/sign-in');
  };
  return (
    <Form form={form} onSubmit={submit} label="Set up">
      <FormFailure />
      <Field
        label="Team"
        name="teamName"
        hint="Shown to everybody who signs in here."
      >
        <Input
          {...form.register('teamName')}
          autoComplete="organization"
          placeholder="Research"
          autoFocus
        />
      </Field>
      <Field label="Your name" name="name">
        <Input {...form.register('name')} autoComplete="name" />
      </Field>
      <Field label="E-mail" name="email" hint="You sign in with it.">
        <Input
          {...form.register('email')}
          type="email"
          autoComplete="username"
        />
      </Field>
      <Field
        label="Password"
        name="password"
        hint={
          <PasswordStrengthMeter
            password={password}
            known={[teamName, name, email]}
          />
        }
      >
        <PasswordInput
          {...form.register('password')}
          autoComplete="new-password"
        />
      </Field>
      <SubmitButton className="mt-1 h-8!">Create the account</SubmitButton>
    </Form>
  );
}
