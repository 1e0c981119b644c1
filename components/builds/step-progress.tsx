import type { StepProgress } from '@/components/builds/build-log';
import { count } from '@/components/builds/labels';
import { formatBytes } from '@/components/ui/format';
import { ProgressBar } from '@/components/ui/progress-bar';

/** How far a step has come with what it moves: one bar over all its layers or files. */
export function StepProgressBar({ progress }: { progress: StepProgress }) {
  const known = [...progress].filter(([, { total }]) => total > 0);
  const [first] = known;
  if (!first) return null;
  const sum = (pick: 'current' | 'total') =>
    known.reduce((bytes, [, item]) => bytes + item[pick], 0);
  const current = sum('current');
  const total = sum('total');
  const what = known.length === 1 ? first[0] : count(known.length, 'part');
  return (
    <div className="flex items-center gap-3 border-t bg-log px-3 py-1.5 text-xs">
      <span title={what} className="min-w-0 flex-1 truncate font-mono">
        {what}
      </span>
      <span className="shrink-0 text-ink-2 tabular-nums">
        {formatBytes(current)} of {formatBytes(total)}
      </span>
      <span className="w-24 shrink-0">
        <ProgressBar value={current / total} label={what} />
      </span>
    </div>
  );
}
