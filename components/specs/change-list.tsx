import { fieldName } from '@/components/specs/field-names';
import { cn } from '@/components/ui/cn';
import type { FieldChange } from '@/lib/imagespec/changes';

/** What changed, field by field: what went and what came. */
export function ChangeList({ changes }: { changes: readonly FieldChange[] }) {
  return (
    <ul className="grid gap-1">
      {changes.map(({ field, removed, added, note }) => (
        <li
          key={field}
          className="grid gap-x-3 sm:grid-cols-[8rem_minmax(0,1fr)]"
        >
          <span className="text-ink-2">{fieldName(field)}</span>
          <div className="min-w-0">
            {removed.map((text, index) => (
              <Line key={`-${index}`} sign="−" text={text} />
            ))}
            {added.map((text, index) => (
              <Line key={`+${index}`} sign="+" text={text} />
            ))}
            {note !== null && <span className="text-ink-2">{note}</span>}
          </div>
        </li>
      ))}
    </ul>
  );
}

function Line({ sign, text }: { sign: '−' | '+'; text: string }) {
  const isNew = sign === '+';
  return (
    <div className="flex gap-1.5 font-mono text-xs">
      <span
        aria-label={isNew ? 'new' : 'was'}
        className={cn('shrink-0', isNew ? 'text-good' : 'text-bad')}
      >
        {sign}
      </span>
      <span
        className={cn(
          'min-w-0 break-words whitespace-pre-wrap',
          !isNew && 'text-ink-2',
        )}
      >
        {text === '' ? '(empty)' : text}
      </span>
    </div>
  );
}
