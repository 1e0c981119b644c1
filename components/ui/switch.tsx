'use client';
import { Switch as Base } from '@base-ui/react/switch';
import { type ReactNode, type Ref, useId } from 'react';

/** On or off, with its label beside it. With react-hook-form: `Controller`, `checked={field.value}`. */
export function Switch({
  label,
  hint,
  checked,
  onChange,
  onBlur,
  disabled = false,
  name,
  ref,
}: {
  label: ReactNode;
  hint?: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  onBlur?: () => void;
  disabled?: boolean;
  name?: string;
  ref?: Ref<HTMLElement>;
}) {
  const id = useId();
  return (
    <div className="flex items-start gap-2.5">
      <Base.Root
        ref={ref}
        aria-labelledby={`${id}-label`}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        checked={checked}
        onCheckedChange={(next) => onChange(next)}
        onBlur={onBlur}
        disabled={disabled}
        id={id}
        {...(name ? { name } : {})}
        className="mt-0.5 flex h-4 w-7 shrink-0 rounded-full bg-line-strong p-0.5 transition-colors data-checked:bg-accent data-disabled:opacity-50"
      >
        <Base.Thumb className="size-3 rounded-full bg-panel transition-transform data-checked:translate-x-3" />
      </Base.Root>
      <div className="min-w-0">
        <label id={`${id}-label`} htmlFor={id} className="font-semibold">
          {label}
        </label>
        {hint !== undefined && (
          <div id={`${id}-hint`} className="text-xs text-ink-3">
            {hint}
          </div>
        )}
      </div>
    </div>
  );
}
