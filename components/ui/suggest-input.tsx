'use client';
import { Autocomplete as Base } from '@base-ui/react/autocomplete';
import { ChevronsUpDown } from 'lucide-react';
import { useState } from 'react';
import { cn } from '@/components/ui/cn';
import { useFieldProps } from '@/components/ui/field';
import { CONTROL } from '@/components/ui/input';
import { OPTION_LIST } from '@/components/ui/select';

/** Text of one's own, with what is there already to choose from. `Combobox` takes nothing but what is there. */
export function SuggestInput({
  options,
  value,
  onChange,
  onBlur,
  placeholder,
}: {
  options: readonly string[];
  value: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  placeholder?: string;
}) {
  const field = useFieldProps();
  const [isOpen, setOpen] = useState(false);
  // Opened on something chosen, the list offers the others, too.
  const shown = options.includes(value)
    ? options
    : options.filter((option) => option.includes(value.trim()));
  return (
    <Base.Root
      items={options}
      filteredItems={shown}
      value={value}
      // Escape closes the list; what was typed stays.
      onValueChange={(next, { reason }) => {
        if (reason !== 'escape-key') onChange(next);
      }}
      openOnInputClick
      // An empty list would only cover what the field says of the text.
      open={isOpen && shown.length > 0}
      onOpenChange={setOpen}
    >
      <Base.InputGroup className="relative">
        <Base.Input
          onBlur={onBlur}
          placeholder={placeholder}
          spellCheck={false}
          autoCapitalize="none"
          autoCorrect="off"
          {...field}
          className={cn(CONTROL, 'h-[30px] pr-8 font-mono text-xs')}
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
            <Base.List>
              {(option: string) => (
                <Base.Item
                  key={option}
                  value={option}
                  className="flex min-h-7 items-center rounded-sm px-2 py-1 font-mono text-xs outline-none select-none data-highlighted:bg-active"
                >
                  <span className="truncate">{option}</span>
                </Base.Item>
              )}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
