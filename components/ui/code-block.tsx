import type { ReactNode } from 'react';
import { cn } from '@/components/ui/cn';
import { CopyButton } from '@/components/ui/copy-button';

/**
 * Text to read and copy exactly: a command, a Dockerfile, an answer. Numbers are drawn by the style sheet, so that a
 * selection holds only the text. `marked` are line numbers from 1.
 */
export function CodeBlock({
  text,
  label,
  hasNumbers = false,
  hasCopy = true,
  marked,
  isFlush = false,
  className,
}: {
  text: string;
  /** What the text is, for the copy button and screen readers: "Dockerfile". */
  label: string;
  hasNumbers?: boolean;
  hasCopy?: boolean;
  marked?: readonly number[];
  /** Inside a card's edges: no frame of its own. */
  isFlush?: boolean;
  className?: string;
}) {
  const lines = text.replace(/\n$/, '').split('\n');
  // In a short text the button stands beside the lines: over them it would hide much of what there is.
  const isBeside = hasCopy && lines.length <= 3;
  return (
    <div
      className={cn(
        'relative min-w-0 bg-log',
        isFlush ? 'rounded-b-[7px]' : 'rounded-md border',
        isBeside && 'flex items-start',
        className,
      )}
    >
      <pre
        aria-label={label}
        tabIndex={0}
        className={cn(
          'max-w-full overflow-x-auto py-2 text-xs',
          isBeside && 'min-w-0 flex-1',
        )}
      >
        <code className="block w-max min-w-full">
          {lines.map((line, index) => (
            <Line
              key={index}
              number={hasNumbers ? index + 1 : undefined}
              isMarked={marked?.includes(index + 1) ?? false}
            >
              {line}
              {index < lines.length - 1 ? '\n' : ''}
            </Line>
          ))}
        </code>
      </pre>
      {hasCopy && (
        <div
          className={cn(
            'rounded-md bg-log',
            isBeside
              ? 'mt-[5px] mr-1.5 shrink-0'
              : 'absolute top-1.5 right-1.5',
          )}
        >
          <CopyButton text={text} label={label} />
        </div>
      )}
    </div>
  );
}

function Line({
  number,
  isMarked,
  children,
}: {
  number: number | undefined;
  isMarked: boolean;
  children: ReactNode;
}) {
  return (
    <span
      data-line={number}
      className={cn(
        'block min-h-[1.125rem] px-3 whitespace-pre',
        number !== undefined &&
          'before:mr-3 before:inline-block before:w-7 before:text-right before:text-ink-3 before:content-[attr(data-line)]',
        isMarked && 'bg-log-selected',
      )}
    >
      {children}
    </span>
  );
}
