import { ChevronLeft, ChevronRight } from 'lucide-react';
import { ButtonLink } from '@/components/ui/button';

/** Pages by key: back to the newest, on to the older. A link that leads nowhere is left out; its room stays. */
export function Pager({
  newestHref,
  olderHref,
}: {
  newestHref?: string | null | undefined;
  olderHref?: string | null | undefined;
}) {
  if (!newestHref && !olderHref) return null;
  return (
    <nav
      aria-label="Newer and older"
      className="mt-3 flex min-h-7 items-center justify-between"
    >
      <span>
        {newestHref && (
          <ButtonLink
            href={newestHref}
            variant="ghost"
            icon={<ChevronLeft aria-hidden />}
          >
            Newest
          </ButtonLink>
        )}
      </span>
      <span>
        {olderHref && (
          <ButtonLink href={olderHref} variant="ghost">
            Older
            <ChevronRight aria-hidden />
          </ButtonLink>
        )}
      </span>
    </nav>
  );
}

/** Pages by name: back to the first, on to the next. */
export function NamePager({
  firstHref,
  nextHref,
}: {
  firstHref: string | null;
  nextHref: string | null;
}) {
  if (firstHref === null && nextHref === null) return null;
  return (
    <nav aria-label="Pages" className="mt-3 flex items-center justify-between">
      <span>
        {firstHref !== null && (
          <ButtonLink href={firstHref} variant="ghost">
            First page
          </ButtonLink>
        )}
      </span>
      <span>
        {nextHref !== null && (
          <ButtonLink href={nextHref} variant="ghost">
            Next page
          </ButtonLink>
        )}
      </span>
    </nav>
  );
}
