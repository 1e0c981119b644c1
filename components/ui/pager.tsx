import { ChevronLeft, ChevronRight } from 'lucide-react';
import { ButtonLink } from '@/components/ui/button';

const WORDS = {
  time: { label: 'Newer and older', first: 'Newest', next: 'Older' },
  name: { label: 'Pages', first: 'First page', next: 'Next page' },
} as const;

/**
 * Pages by key: back to the first, on to the next. `order` says what the list is sorted by. A link that leads nowhere
 * is left out; its room stays.
 */
export function Pager({
  order,
  firstHref,
  nextHref,
}: {
  order: keyof typeof WORDS;
  firstHref: string | null;
  nextHref: string | null;
}) {
  if (firstHref === null && nextHref === null) return null;
  const { label, first, next } = WORDS[order];
  return (
    <nav
      aria-label={label}
      className="mt-3 flex min-h-7 items-center justify-between"
    >
      <span>
        {firstHref !== null && (
          <ButtonLink
            href={firstHref}
            variant="ghost"
            icon={<ChevronLeft aria-hidden />}
          >
            {first}
          </ButtonLink>
        )}
      </span>
      <span>
        {nextHref !== null && (
          <ButtonLink href={nextHref} variant="ghost">
            {next}
            <ChevronRight aria-hidden />
          </ButtonLink>
        )}
      </span>
    </nav>
  );
}
