'use client';
import { ChevronDown, ChevronUp, X } from 'lucide-react';
import {
  type KeyboardEvent,
  type Ref,
  useEffect,
  useRef,
  useState,
} from 'react';
import type { LogSearch } from '@/components/builds/use-log-search';
import { Button } from '@/components/ui/button';
import { formatNumber } from '@/components/ui/format';
import { Input } from '@/components/ui/input';
import { Spinner } from '@/components/ui/spinner';
import { errorView } from '@/lib/queries/fetch-json';

/** Whoever types is not interrupted for this long. */
const CALM_MS = 300;

/** The field to search all lines, with which of how many is looked at. */
export function LogSearchBox({
  search,
  ref,
}: {
  search: LogSearch;
  ref: Ref<HTMLInputElement>;
}) {
  const [typed, setTyped] = useState('');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const begin = (words: string, delayMs: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => search.search(words), delayMs);
  };
  const leave = () => {
    clearTimeout(timer.current);
    setTyped('');
    search.clear();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      if (typed === '') event.currentTarget.blur();
      leave();
    }
    if (event.key !== 'Enter') return;
    event.preventDefault();
    if (typed === search.words && search.total !== null)
      search.step(event.shiftKey ? -1 : 1);
    else begin(typed, 0);
  };
  return (
    <div
      role="search"
      className="flex min-w-0 items-center gap-1 max-sm:w-full"
    >
      <Input
        ref={ref}
        type="search"
        aria-label="Search all lines"
        placeholder="Search all lines  /"
        maxLength={200}
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value);
          begin(target.value, CALM_MS);
        }}
        onKeyDown={onKeyDown}
        className="w-48 max-sm:w-auto max-sm:min-w-0 max-sm:flex-1 [&::-webkit-search-cancel-button]:hidden"
      />
      <span
        role="status"
        className="min-w-14 text-center text-xs whitespace-nowrap text-ink-2 tabular-nums"
      >
        {search.isSearching && search.total === null ? (
          <Spinner />
        ) : (
          told(search)
        )}
      </span>
      <Button
        variant="ghost"
        aria-label="Line found before"
        title="Line found before (N)"
        icon={<ChevronUp aria-hidden />}
        disabledReason={!search.total && 'Nothing is found yet.'}
        onClick={() => search.step(-1)}
      />
      <Button
        variant="ghost"
        aria-label="Next line found"
        title="Next line found (n)"
        icon={<ChevronDown aria-hidden />}
        disabledReason={!search.total && 'Nothing is found yet.'}
        onClick={() => search.step(1)}
      />
      {typed !== '' && (
        <Button
          variant="ghost"
          aria-label="Clear the search"
          icon={<X aria-hidden />}
          onClick={leave}
        />
      )}
    </div>
  );
}

function told({ words, total, index, error }: LogSearch): string {
  if (error !== null) return errorView(error).message;
  if (words === '' || total === null) return '';
  if (total === 0) return 'no line';
  return `${formatNumber(index + 1)} of ${formatNumber(total)}`;
}
