import { GitCompareArrows, X } from 'lucide-react';
import type { CompareChoice } from '@/components/builds/use-compare-choice';
import { Button, ButtonLink } from '@/components/ui/button';
import { compareHref } from '@/lib/build/list-filter';

/** What is chosen to be compared, and the way there once it is two. */
export function CompareBar({ chosen, clear }: CompareChoice) {
  const [first, second] = chosen;
  if (!first) return null;
  return (
    <div className="sticky bottom-2 z-[5] mt-2 flex justify-center">
      <div
        role="region"
        aria-label="Builds to compare"
        className="flex max-w-full flex-wrap items-center gap-2 rounded-lg border border-line-strong bg-popup px-2 py-1 shadow-popup"
      >
        {second ? (
          <ButtonLink
            variant="primary"
            size="sm"
            href={compareHref(first.id, second.id)}
            icon={<GitCompareArrows aria-hidden />}
          >
            Compare #{first.number} with #{second.number}
          </ButtonLink>
        ) : (
          <span role="status">
            #{first.number} is chosen. Choose another to compare it with.
          </span>
        )}
        <Button
          variant="ghost"
          size="sm"
          aria-label="Choose none"
          icon={<X aria-hidden />}
          onClick={clear}
        />
      </div>
    </div>
  );
}
