'use client';
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useId,
} from 'react';
import { cn } from '@/components/ui/cn';
import { messageAt } from '@/components/ui/field-messages';

type FieldState = {
  id: string;
  describedBy: string | undefined;
  isInvalid: boolean;
};
const FieldContext = createContext<FieldState | null>(null);

/** The form around a field: its errors, and a list of the fields it shows, so that server errors find their place. */
type FormScope = {
  errors: unknown;
  addName: (name: string) => () => void;
};
export const FormScopeContext = createContext<FormScope | null>(null);

/** Ties a control to the label, hint and error of the `Field` around it. */
export function useFieldProps(ownId?: string) {
  const field = useContext(FieldContext);
  return {
    id: ownId ?? field?.id,
    'aria-describedby': field?.describedBy,
    'aria-invalid': field?.isInvalid || undefined,
  };
}

/**
 * A label, one control, and below it a hint or what is wrong. Inside a `Form`, `name` is enough to show that field's
 * error, the server's too; outside, pass `error`.
 */
export function Field({
  label,
  name,
  hint,
  error,
  isOptional = false,
  action,
  className,
  children,
}: {
  label: ReactNode;
  name?: string;
  hint?: ReactNode;
  error?: string | undefined;
  isOptional?: boolean;
  /** A small control at the label's right end. */
  action?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  const id = useId();
  const scope = useContext(FormScopeContext);
  const addName = scope?.addName;
  useEffect(
    () => (name && addName ? addName(name) : undefined),
    [name, addName],
  );

  const message =
    error ?? (name && scope ? messageAt(scope.errors, name) : undefined);
  const hasHint = hint !== undefined && message === undefined;
  const describedBy =
    message !== undefined ? `${id}-error` : hasHint ? `${id}-hint` : undefined;
  return (
    <div
      data-field={name}
      className={cn('grid min-w-0 grid-cols-1 content-start gap-1', className)}
    >
      <div className="flex items-baseline gap-2">
        <label htmlFor={id} id={`${id}-label`} className="font-semibold">
          {label}
        </label>
        {isOptional && <span className="text-xs text-ink-3">optional</span>}
        {action !== undefined && <span className="ml-auto">{action}</span>}
      </div>
      <FieldContext
        value={{ id, describedBy, isInvalid: message !== undefined }}
      >
        {children}
      </FieldContext>
      {message !== undefined && (
        <p id={`${id}-error`} className="text-xs break-words text-bad">
          {message}
        </p>
      )}
      {hasHint && (
        <div
          data-prose
          id={`${id}-hint`}
          className="text-xs break-words text-ink-3"
        >
          {hint}
        </div>
      )}
    </div>
  );
}
