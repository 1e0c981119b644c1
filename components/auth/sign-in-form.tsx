'use client';
import { z } from 'zod';
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

const SignIn = z.object({
  email: z.email('Type your e-mail address.'),
  password: z.string().min(1, 'Type your password.'),
});

/** Signs in and goes to `destination`, a path of this site. */
export function SignInForm({ destination }: { destination: string }) {
  const form = useZodForm(SignIn, {
    defaultValues: { email: '', password: '' },
  });
  const submit = async ({ email, password }: z.output<typeof SignIn>) => {
    await enter(email, password).catch((error: unknown) => {
      form.resetField('password');
      form.setFocus('password');
      throw error;
    });
    await loadPage(destination);
  };
  return (
    <Form form={form} onSubmit={submit} label="Sign in">
      <FormFailure />
      <Field label="E-mail" name="email">
        <Input
          {...form.register('email')}
          type="email"
          autoComplete="username"
          autoFocus
        />
      </Field>
      <Field label="Password" name="password">
        <PasswordInput
          {...form.register('password')}
          autoComplete="current-password"
        />
      </Field>
      <SubmitButton className="mt-1 h-8!">Sign in</SubmitButton>
    </Form>
  );
}
