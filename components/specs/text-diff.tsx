import { diffLines } from 'diff';
import { cn } from '@/components/ui/cn';

/** How many lines that stay are shown around those that change. */
const CONTEXT = 3;

type Row = { sign: ' ' | '+' | '−' | '…'; text: string };

/** Two texts line by line: what went, what came, and a little of what stays around it. */
export function TextDiff({
  before,
  after,
  label,
}: {
  before: string;
  after: string;
  label: string;
}) {
  const rows = shorten(toRows(before, after));
  if (!rows.some(({ sign }) => sign === '+' || sign === '−')) {
    return <p className="px-3 py-2 text-ink-2">No line differs.</p>;
  }
  return (
    <pre
      aria-label={label}
      tabIndex={0}
      className="overflow-x-auto bg-log py-2 text-xs"
    >
      <code className="block w-max min-w-full">
        {rows.map(({ sign, text }, index) => (
          <span
            key={index}
            className={cn(
              'block px-3',
              sign === '+' && 'bg-good-soft text-good',
              sign === '−' && 'bg-bad-soft text-bad',
              sign === '…' && 'text-ink-3',
            )}
          >
            {sign} {text}
          </span>
        ))}
      </code>
    </pre>
  );
}

function toRows(before: string, after: string): Row[] {
  return diffLines(before, after).flatMap(({ value, added, removed }) =>
    value
      .replace(/\n$/, '')
      .split('\n')
      .map((text): Row => ({ sign: added ? '+' : removed ? '−' : ' ', text })),
  );
}

/** Leaves out what stays the same far from any change. */
function shorten(rows: readonly Row[]): Row[] {
  const isNear = rows.map((_, index) =>
    rows
      .slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1)
      .some(({ sign }) => sign !== ' '),
  );
  return rows.flatMap((row, index): Row[] => {
    if (isNear[index]) return [row];
    const isFirst = index === 0 || isNear[index - 1];
    return isFirst ? [{ sign: '…', text: '' }] : [];
  });
}
