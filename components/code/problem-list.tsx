import { CircleAlert, TriangleAlert } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Message } from '@/components/ui/message';
import type { CodeProblem } from '@/lib/imagespec/code/problem';

const SIGNS = {
  error: { Icon: CircleAlert, ink: 'text-bad', word: 'Error' },
  warning: { Icon: TriangleAlert, ink: 'text-warn', word: 'Warning' },
} as const;

/** Problems one a row: a click on the line goes there, a fix is applied by its button. */
export function ProblemList({
  problems,
  onJump,
  onFix,
}: {
  problems: readonly CodeProblem[];
  onJump: (line: number) => void;
  onFix?: (problem: CodeProblem) => void;
}) {
  return (
    <ul className="divide-y rounded-md border" aria-label="Problems">
      {problems.map((problem, index) => {
        const { Icon, ink, word } = SIGNS[problem.severity];
        return (
          <li
            key={index}
            className="flex flex-wrap items-center gap-x-2 gap-y-1 px-2.5 py-1"
          >
            <Icon aria-label={word} className={`size-3.5 shrink-0 ${ink}`} />
            <Button
              variant="ghost"
              size="sm"
              className="-mx-1.5 font-mono"
              onClick={() => onJump(problem.line)}
            >
              Line {problem.line}
            </Button>
            <span className="min-w-0 flex-[1_1_14rem] break-words">
              <Message text={problem.message} />
            </span>
            {problem.fix && onFix && (
              <Button size="sm" onClick={() => onFix(problem)}>
                {problem.fix.label}
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
