import { type CSSProperties, memo, type Ref } from 'react';
import type { AnsiSpan } from '@/lib/build/ansi';
import { count } from '@/components/builds/labels';
import { formatOffset, toShownLine } from '@/components/builds/log-text';
import { cn } from '@/components/ui/cn';
import type { LineView } from '@/lib/build/views';

const INK = {
  black: 'text-ansi-black',
  red: 'text-ansi-red',
  green: 'text-ansi-green',
  yellow: 'text-ansi-yellow',
  blue: 'text-ansi-blue',
  magenta: 'text-ansi-magenta',
  cyan: 'text-ansi-cyan',
  white: 'text-ansi-white',
} as const;

/** Where a line's number and time stand. The widths are those of the widest. */
export function logLineStyle(widestNumber: number): CSSProperties {
  const digits = Math.max(3, String(widestNumber).length);
  return {
    '--log-gutter': `calc(${digits}ch + 0.75rem)`,
    '--log-clock': '4.75rem',
  } as CSSProperties;
}

/** One line of a log; `line` is missing while it is being read. `since` is the instant times count from. */
export const LogLine = memo(function LogLine({
  line,
  since,
  isWrapped,
  index,
  ref,
}: {
  line: LineView | undefined;
  since: number | null;
  isWrapped: boolean;
  index?: number;
  ref?: Ref<HTMLDivElement>;
}) {
  const shown = line && toShownLine(line.text);
  const hasClock = since !== null;
  return (
    <div
      ref={ref}
      data-index={index}
      data-line={line?.n}
      data-tone={shown?.isError ? 'bad' : undefined}
      className={cn('log-line min-h-[1.125rem]', columns(hasClock, isWrapped))}
    >
      <span data-gutter>{line?.n ?? '·'}</span>
      {hasClock && (
        <span
          data-gutter
          className="max-sm:hidden"
          title={line && new Date(line.at).toISOString()}
        >
          {line && formatOffset(line.at - since)}
        </span>
      )}
      <span>
        {shown?.spans.map((span, place) => (
          <Span key={place} {...span} />
        ))}
        {shown && (shown.hidden > 0 || line.cut) && (
          <Rest hidden={shown.hidden} isCut={line.cut ?? false} />
        )}
      </span>
    </div>
  );
});

// On a phone there is no room for the time.
function columns(hasClock: boolean, isWrapped: boolean): string {
  if (isWrapped)
    return hasClock
      ? 'max-sm:grid-cols-[var(--log-gutter)_minmax(0,1fr)]'
      : 'grid-cols-[var(--log-gutter)_minmax(0,1fr)]';
  return cn(
    'w-max min-w-full whitespace-pre',
    hasClock
      ? 'grid-cols-[var(--log-gutter)_var(--log-clock)_max-content] max-sm:grid-cols-[var(--log-gutter)_max-content]'
      : 'grid-cols-[var(--log-gutter)_max-content]',
  );
}

function Span({
  text,
  color,
  isBold,
  isDim,
  isItalic,
  isUnderlined,
}: AnsiSpan) {
  const look = cn(
    color && INK[color],
    isBold && 'font-semibold',
    isDim && 'opacity-70',
    isItalic && 'italic',
    isUnderlined && 'underline',
  );
  return look === '' ? text : <span className={look}>{text}</span>;
}

function Rest({ hidden, isCut }: { hidden: number; isCut: boolean }) {
  return (
    <span className="text-ink-3 select-none">
      {hidden > 0 && ` … ${count(hidden, 'more character')}, in the download`}
      {isCut && ' … cut at 64 KiB'}
    </span>
  );
}
