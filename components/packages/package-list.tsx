'use client';
import { Search } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { PACKAGE_KIND_NAMES } from '@/components/packages/package-words';
import { Button } from '@/components/ui/button';
import { Disclosure } from '@/components/ui/disclosure';
import { formatNumber } from '@/components/ui/format';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { countPackages, type PackageGroup } from '@/lib/build/packages';
import type { PackagesView } from '@/lib/build/views';

/** More are shown when they are asked for. */
const SHOWN_AT_FIRST = 120;

/** The packages inside an image, place by place, searched by name and version. */
export function PackageList({
  view: { groups, missing },
  isFolded,
}: {
  view: Pick<PackagesView, 'groups' | 'missing'>;
  /** Nothing is unfolded until it is asked for, where other things follow. */
  isFolded: boolean;
}) {
  const [typed, setTyped] = useState('');
  const words = useDeferredValue(typed.trim().toLowerCase());
  const found = groups
    .map((group) => ({ ...group, packages: searched(group, words) }))
    .filter(({ packages }) => packages.length > 0);
  return (
    <div className="grid grid-cols-1 gap-3">
      {missing !== null && <Notice tone="warn" title={missing} />}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <label className="relative flex-[0_1_18rem]">
          <span className="sr-only">Search packages</span>
          <Search
            aria-hidden
            className="absolute top-2 left-2 size-3.5 text-ink-3"
          />
          <Input
            type="search"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            placeholder="Search packages"
            className="pl-7"
          />
        </label>
        <span role="status" className="text-ink-3 tabular-nums">
          {words === ''
            ? `${formatNumber(countPackages(groups))} packages`
            : `${formatNumber(countPackages(found))} of ${formatNumber(countPackages(groups))}`}
        </span>
      </div>
      {found.map((group) => (
        <Group
          key={`${group.kind} ${group.place} ${words}`}
          group={group}
          isOpen={words !== '' || (!isFolded && group.kind !== 'dpkg')}
        />
      ))}
      {found.length === 0 && words !== '' && (
        <p className="text-ink-2">No package here is called so.</p>
      )}
    </div>
  );
}

function searched({ packages }: PackageGroup, words: string) {
  if (words === '') return packages;
  return packages.filter(([name, version]) =>
    `${name} ${version}`.toLowerCase().includes(words),
  );
}

function Group({
  group: { kind, place, packages },
  isOpen,
}: {
  group: PackageGroup;
  isOpen: boolean;
}) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? packages : packages.slice(0, SHOWN_AT_FIRST);
  return (
    <Disclosure
      isOpenAtFirst={isOpen}
      summary={
        <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
          <span className="font-semibold text-ink">
            {PACKAGE_KIND_NAMES[kind]}
          </span>
          <span className="tabular-nums">{formatNumber(packages.length)}</span>
          <code className="min-w-0 text-xs break-all text-ink-3">{place}</code>
        </span>
      }
    >
      <ul className="grid grid-cols-1 gap-x-8 sm:grid-cols-2 xl:grid-cols-3">
        {shown.map(([name, version], index) => (
          <li
            key={index}
            className="flex items-baseline gap-3 border-b border-line py-1"
          >
            <span className="min-w-0 flex-1 break-all">{name}</span>
            <code className="max-w-[60%] min-w-0 text-right text-xs break-all text-ink-2">
              {version}
            </code>
          </li>
        ))}
      </ul>
      {shown.length < packages.length && (
        <Button className="mt-2" onClick={() => setWhole(true)}>
          Show all {formatNumber(packages.length)}
        </Button>
      )}
    </Disclosure>
  );
}
