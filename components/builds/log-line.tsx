import { TriangleAlert } from 'lucide-react';
import { type CSSProperties, memo } from 'react';
import { count } from '@/components/builds/labels';
import { formatAnchor } from '@/components/builds/log-anchor';
import {
  formatClock,
  formatOffset,
  type MarkedSpan,
  markWords,
  toShownLine,
} from '@/components/builds/log-text';
import type { LogPreferences } from '@/components/builds/log-preferences';
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
    '--log-clock': 'calc(11ch + 0.75rem)',
  } as CSSProperties;
}

/**
 * How lines are drawn. `since` is the instant relative times count from, `words` what is searched, `attempt` the one
 * that links name.
 */
export type LineLook = LogPreferences & {
  since: number;
  words: string;
  attempt: number | null;
};

/** One line of a log; `line` is missing while it is being read. `place` is its place in the step, from 0. */
export const LogLine = memo(function LogLine({
  line,
  place,
  look,
  mark,
}: {
  line: LineView | undefined;
  place?: number;
  look: LineLook;
  /** `hit`: the one of those found that is looked at. */
  mark?: 'hit' | 'selected' | undefined;
}) {
  const shown = line && toShownLine(line.text);
  const { times, isWrapped, words, attempt } = look;
  const hasClock = times !== 'none';
  return (
    <>
      {line?.gap !== undefined && <Missing why={line.gap} />}
      <div
        data-place={place}
        data-line={line?.n}
        data-tone={shown?.isError ? 'bad' : undefined}
        data-hit={mark === 'hit' ? '' : undefined}
        data-selected={mark === 'selected' ? '' : undefined}
        className={cn(
          'log-line min-h-[1.125rem]',
          columns(hasClock, isWrapped),
        )}
      >
        {line ? (
          <a
            data-gutter
            href={formatAnchor({ attempt, first: line.n, last: line.n })}
            tabIndex={-1}
            aria-label={`Line ${line.n}`}
            className="hover:underline"
          >
            {line.n}
          </a>
        ) : (
          <span data-gutter>·</span>
        )}
        {hasClock && (
          <span
            data-gutter
            className="max-sm:hidden"
            title={line && new Date(line.at).toISOString()}
          >
            {line && timeOf(line.at, look)}
          </span>
        )}
        <span>
          {shown &&
            markWords(shown.spans, words).map((span, index) => (
              <Span key={index} {...span} />
            ))}
          {shown && (shown.hidden > 0 || line.cut) && (
            <Rest hidden={shown.hidden} isCut={line.cut ?? false} />
          )}
        </span>
      </div>
      {shown && shown.clipped !== null && <Missing why={shown.clipped} />}
    </>
  );
});

/** Stands where output is missing. */
function Missing({ why }: { why: string }) {
  return (
    <p className="flex gap-2 bg-warn-soft px-3 py-0.5 text-xs">
      <TriangleAlert
        aria-hidden
        className="mt-0.5 size-3.5 shrink-0 text-warn"
      />
      <span>
        <b className="font-semibold text-warn">Output is missing here.</b> {why}
      </span>
    </p>
  );
}

function timeOf(at: number, { times, since }: LineLook): string {
  return times === 'absolute' ? formatClock(at) : formatOffset(at - since);
}

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
  isFound,
}: MarkedSpan) {
  const look = cn(
    color && INK[color],
    isBold && 'font-semibold',
    isDim && 'opacity-70',
    isItalic && 'italic',
    isUnderlined && 'underline',
  );
  if (isFound)
    return <mark className={cn('bg-log-hit text-ink', look)}>{text}</mark>;
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
