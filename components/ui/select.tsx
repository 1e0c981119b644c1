'use client';
import { Select as Base } from '@base-ui/react/select';
import { Check, ChevronsUpDown } from 'lucide-react';
import type { ReactNode, Ref } from 'react';
import { cn } from '@/components/ui/cn';
import { useFieldProps } from '@/components/ui/field';
import { CONTROL } from '@/components/ui/input';

export type Option<T extends string = string> = {
  value: T;
  label: string;
  /** Said after the label, dimmer. */
  detail?: ReactNode;
  isDisabled?: boolean;
};

export const OPTION_LIST =
  'bg-popup text-ink shadow-popup border-line-strong max-h-[min(20rem,var(--available-height))] min-w-(--anchor-width) max-w-(--available-width) overflow-y-auto overscroll-contain rounded-lg border p-1 outline-none';
export const OPTION =
  'data-highlighted:bg-active grid min-h-7 grid-cols-[0.875rem_minmax(0,1fr)] items-center gap-x-2 rounded-sm py-1 pr-3 pl-2 outline-none select-none data-disabled:opacity-50';

/** One of a few. With react-hook-form: `<Controller render={({ field }) => <Select {...field} options={…} />} />`. */
export function Select<T extends string>({
  options,
  value,
  onChange,
  onBlur,
  name,
  placeholder = 'Choose…',
  disabled = false,
  isMono = false,
  ref,
  'aria-label': label,
}: {
  options: readonly Option<T>[];
  value: T | null | undefined;
  onChange: (value: T) => void;
  onBlur?: () => void;
  name?: string;
  placeholder?: string;
  disabled?: boolean;
  isMono?: boolean;
  ref?: Ref<HTMLButtonElement>;
  'aria-label'?: string;
}) {
  const { id, ...field } = useFieldProps();
  return (
    <Base.Root<T>
      items={options}
      value={value ?? null}
      onValueChange={(next) => next !== null && onChange(next)}
      disabled={disabled}
      {...(name ? { name } : {})}
      {...(id ? { id } : {})}
    >
      <Base.Trigger
        ref={ref}
        onBlur={onBlur}
        aria-label={label}
        {...(id ? { 'aria-labelledby': `${id}-label ${id}-value` } : {})}
        {...field}
        className={cn(
          CONTROL,
          'flex h-[30px] items-center justify-between gap-2 text-left select-none data-disabled:cursor-not-allowed data-disabled:bg-sunken data-disabled:text-ink-3',
          isMono && 'font-mono text-xs',
        )}
      >
        <Base.Value
          id={id ? `${id}-value` : undefined}
          // An empty value is an answer of its own where there is an option for it.
          placeholder={
            options.find(({ value: one }) => one === '')?.label ?? placeholder
          }
          className="truncate data-placeholder:text-ink-3"
        />
        <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-ink-3" />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner
          alignItemWithTrigger={false}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 outline-none"
        >
          <Base.Popup className={OPTION_LIST}>
            <Base.List>
              {options.map((option) => (
                <Base.Item
                  key={option.value}
                  value={option.value}
                  label={option.label}
                  disabled={option.isDisabled ?? false}
                  className={OPTION}
                >
                  <Base.ItemIndicator className="col-start-1">
                    <Check aria-hidden className="size-3.5" />
                  </Base.ItemIndicator>
                  <Base.ItemText
                    className={cn(
                      'col-start-2 truncate',
                      isMono && 'font-mono text-xs',
                    )}
                  >
                    {option.label}
                  </Base.ItemText>
                  {option.detail !== undefined && (
                    <span className="col-start-2 text-xs text-ink-3">
                      {option.detail}
                    </span>
                  )}
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
