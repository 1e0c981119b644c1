'use client';
import { zodResolver } from '@hookform/resolvers/zod';
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import {
  type DefaultValues,
  type FieldPath,
  type FieldValues,
  useForm,
  type UseFormReturn,
} from 'react-hook-form';
import type { z } from 'zod';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { ErrorNotice } from '@/components/ui/error-notice';
import { FormScopeContext } from '@/components/ui/field';
import { placeFieldErrors } from '@/components/ui/field-messages';
import type { ErrorView } from '@/lib/errors';
import { errorView } from '@/lib/queries/fetch-json';

/** react-hook-form with a zod schema: checked when a field is left, then as one types. */
export function useZodForm<Input extends FieldValues, Output>(
  schema: z.ZodType<Output, Input>,
  options: { defaultValues: DefaultValues<Input> },
): UseFormReturn<Input, unknown, Output> {
  return useForm<Input, unknown, Output>({
    resolver: zodResolver(schema),
    mode: 'onTouched',
    defaultValues: options.defaultValues,
  });
}

type FormState = { failure: ErrorView | null; isPending: boolean };
const FormStateContext = createContext<FormState>({
  failure: null,
  isPending: false,
});

/** A failure as a form shows it: its field messages are under their fields, so the notice keeps only the rest. */
function withoutPlaced(view: ErrorView, rest: string[]): ErrorView {
  const { fields: _, ...bare } = view;
  return rest.length > 0
    ? { ...bare, message: [view.message, ...rest].join(' ') }
    : bare;
}

/**
 * A form that sends its values to `onSubmit`, usually a mutation's `mutateAsync`, once they pass the schema. When that
 * rejects, the server's field errors go under their fields and the first of them gets the focus; what has no field is
 * shown by `FormFailure`. A second submit waits for the first.
 */
export function Form<Input extends FieldValues, Output>({
  form,
  onSubmit,
  label,
  className,
  children,
}: {
  form: UseFormReturn<Input, unknown, Output>;
  onSubmit: (values: Output) => Promise<unknown>;
  /** Names the form for screen readers where no heading does. */
  label?: string;
  className?: string;
  children: ReactNode;
}) {
  const element = useRef<HTMLFormElement>(null);
  const names = useRef(new Set<string>());
  const [failure, setFailure] = useState<ErrorView | null>(null);
  const [refusals, setRefusals] = useState(0);
  const { errors, isSubmitting } = form.formState;

  // Once the fields show what the server refused, the first of them in reading order takes the focus.
  useEffect(() => {
    if (refusals === 0) return;
    element.current
      ?.querySelector<HTMLElement>('[aria-invalid="true"]')
      ?.focus();
  }, [refusals]);

  const addName = useCallback((name: string) => {
    const all = names.current;
    all.add(name);
    return () => {
      all.delete(name);
    };
  }, []);

  const submit = async (values: Output) => {
    setFailure(null);
    try {
      await onSubmit(values);
    } catch (error) {
      const view = errorView(error);
      const { placed, rest } = placeFieldErrors(
        view.fields ?? {},
        names.current,
      );
      for (const [path, message] of Object.entries(placed)) {
        form.setError(path as FieldPath<Input>, { type: 'server', message });
      }
      setRefusals((count) => count + 1);
      setFailure(
        Object.keys(placed).length > 0 && rest.length === 0
          ? null
          : withoutPlaced(view, rest),
      );
    }
  };

  const scope = useMemo(() => ({ errors, addName }), [errors, addName]);
  const state = useMemo(
    () => ({ failure, isPending: isSubmitting }),
    [failure, isSubmitting],
  );
  return (
    <form
      ref={element}
      noValidate
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        // A dialog's form stands inside the page's form in React's tree, not in the document's.
        event.stopPropagation();
        if (!isSubmitting) void form.handleSubmit(submit)(event);
      }}
      className={cn('grid gap-3', className)}
    >
      <FormScopeContext value={scope}>
        <FormStateContext value={state}>{children}</FormStateContext>
      </FormScopeContext>
    </form>
  );
}

/** The failure of the last submit that no field could show. */
export function FormFailure({ className }: { className?: string }) {
  const { failure } = useContext(FormStateContext);
  return (
    failure && (
      <ErrorNotice error={failure} {...(className ? { className } : {})} />
    )
  );
}

/** Sends the form it stands in, and says so while that lasts. */
export function SubmitButton({
  children,
  icon,
  variant = 'primary',
  disabledReason,
  className,
}: {
  children: ReactNode;
  icon?: ReactNode;
  variant?: 'primary' | 'plain' | 'destroy';
  disabledReason?: string | false;
  className?: string;
}) {
  const { isPending } = useContext(FormStateContext);
  return (
    <Button
      type="submit"
      variant={variant}
      icon={icon}
      isPending={isPending}
      disabledReason={disabledReason}
      {...(className ? { className } : {})}
    >
      {children}
    </Button>
  );
}

/** What a plain form ends with: its failure, and the button that sends it. */
export function FormEnd({ children }: { children: ReactNode }) {
  return (
    <>
      <FormFailure />
      <div>
        <SubmitButton>{children}</SubmitButton>
      </div>
    </>
  );
}
