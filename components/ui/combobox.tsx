'use client';
import { Combobox as Base } from '@base-ui/react/combobox';
import { Check, ChevronsUpDown } from 'lucide-react';
import type { Ref } from 'react';
import { cn } from '@/components/ui/cn';
import { useFieldProps } from '@/components/ui/field';
import { CONTROL } from '@/components/ui/input';
import { type Option, OPTION, OPTION_LIST } from '@/components/ui/select';

/** One of many, found by typing. With react-hook-form it is used as `Select` is. */
export function Combobox<T extends string>({
  options,
  value,
  onChange,
  onBlur,
  placeholder = 'Type to find…',
  emptyText = 'Nothing by that name.',
  disabled = false,
  isMono = false,
  ref,
  'aria-label': label,
}: {
  options: readonly Option<T>[];
  value: T | null | undefined;
  onChange: (value: T | null) => void;
  onBlur?: () => void;
  placeholder?: string;
  emptyText?: string;
  disabled?: boolean;
  isMono?: boolean;
  ref?: Ref<HTMLInputElement>;
  'aria-label'?: string;
}) {
  const field = useFieldProps();
  const chosen = options.find((option) => option.value === value) ?? null;
  return (
    <Base.Root<Option<T>>
      items={options}
      value={chosen}
      onValueChange={(next) => onChange(next?.value ?? null)}
      itemToStringLabel={(option) => option.label}
      isItemEqualToValue={(one, other) => one.value === other.value}
      disabled={disabled}
    >
      <Base.InputGroup className="relative">
        <Base.Input
          ref={ref}
          onBlur={onBlur}
          aria-label={label}
          placeholder={placeholder}
          spellCheck={false}
          {...field}
          className={cn(
            CONTROL,
            'h-[30px] pr-8',
            isMono && 'font-mono text-xs',
          )}
        />
        <Base.Trigger
          aria-label="Show all"
          className="absolute inset-y-[3px] right-[3px] flex w-7 items-center justify-center rounded-sm text-ink-3 hover:text-ink"
        >
          <ChevronsUpDown aria-hidden className="size-3.5" />
        </Base.Trigger>
      </Base.InputGroup>
      <Base.Portal>
        <Base.Positioner
          sideOffset={4}
          collisionPadding={8}
          className="z-50 outline-none"
        >
          <Base.Popup className={OPTION_LIST}>
            <Base.Empty>
              <div className="px-2 py-1 text-ink-3">{emptyText}</div>
            </Base.Empty>
            <Base.List>
              {(option: Option<T>) => (
                <Base.Item
                  key={option.value}
                  value={option}
                  disabled={option.isDisabled ?? false}
                  className={OPTION}
                >
                  <Base.ItemIndicator className="col-start-1">
                    <Check aria-hidden className="size-3.5" />
                  </Base.ItemIndicator>
                  <span
                    className={cn(
                      'col-start-2 truncate',
                      isMono && 'font-mono text-xs',
                    )}
                  >
                    {option.label}
                  </span>
                  {option.detail !== undefined && (
                    <span className="col-start-2 text-xs text-ink-3">
                      {option.detail}
                    </span>
                  )}
                </Base.Item>
              )}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
