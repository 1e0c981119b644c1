import { formatNumber } from '@/components/ui/format';
import { Button } from '@/components/ui/button';
import type { StepPart } from '@/components/builds/step-parts';

/** Goes through the parts of a step that is too long for one scroll box; nothing for the others. */
export function PartPager({
  part,
  parts,
  first,
  count,
  total,
  onChange,
}: StepPart & { total: number; onChange: (part: number) => void }) {
  if (parts === 1) return null;
  return (
    <div className="flex flex-wrap items-center gap-2 border-b px-3 py-1 text-xs">
      <span className="tabular-nums">
        Lines {formatNumber(first + 1)} to {formatNumber(first + count)} of{' '}
        {formatNumber(total)} in this step
      </span>
      <span className="ml-auto flex gap-1">
        <Button
          size="sm"
          disabledReason={part === 0 && 'These are the first lines.'}
          onClick={() => onChange(part - 1)}
        >
          Earlier lines
        </Button>
        <Button
          size="sm"
          disabledReason={part === parts - 1 && 'These are the last lines.'}
          onClick={() => onChange(part + 1)}
        >
          Later lines
        </Button>
      </span>
    </div>
  );
}
