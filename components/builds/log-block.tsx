import type { Ref } from 'react';
import { type LineLook, LogLine } from '@/components/builds/log-line';
import type { StepLines } from '@/components/builds/step-lines';
import type { LineView } from '@/lib/build/views';

/** Line numbers that are tinted: the one found that is looked at, and those that are selected. */
export type LogMarks = {
  hit: number | null;
  selected: { first: number; last: number } | null;
};

/** Some lines of a step, drawn and measured as one. `version` is the log's: with another one, lines may have come. */
export function LogBlock({
  block,
  first,
  count,
  lines,
  look,
  marks,
  ref,
}: {
  block: number;
  first: number;
  count: number;
  version: number;
  lines: StepLines;
  look: LineLook;
  marks: LogMarks;
  ref: Ref<HTMLDivElement>;
}) {
  return (
    <div ref={ref} data-index={block}>
      {Array.from({ length: count }, (_, index) => {
        const line = lines.line(first + index);
        return (
          <LogLine
            key={index}
            place={first + index}
            line={line}
            look={look}
            mark={line && markOf(line, marks)}
          />
        );
      })}
    </div>
  );
}

function markOf({ n }: LineView, { hit, selected }: LogMarks) {
  if (n === hit) return 'hit';
  return selected && selected.first <= n && n <= selected.last
    ? 'selected'
    : undefined;
}
