'use client';
import { Search, X } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Disclosure } from '@/components/ui/disclosure';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { type Option, Select } from '@/components/ui/select';
import type { BuildChoicesView } from '@/lib/build/history-views';
import {
  type BuildFilter,
  buildsHref,
  readBuildPage,
} from '@/lib/build/list-filter';

const ANY = '';
const STATES: Option[] = [
  { value: ANY, label: 'Any state' },
  { value: 'published', label: 'Published' },
  { value: 'failed', label: 'Failed', detail: 'Timed out or lost, too' },
  { value: 'cancelled', label: 'Cancelled' },
  { value: 'moving', label: 'Under way', detail: 'Queued, too' },
];
const SINCE: Option[] = [
  { value: ANY, label: 'Any time' },
  { value: '1', label: 'Last 24 hours' },
  { value: '7', label: 'Last 7 days' },
  { value: '30', label: 'Last 30 days' },
  { value: '90', label: 'Last 90 days' },
];
const SORTS: Option[] = [
  { value: ANY, label: 'Newest first' },
  { value: 'longest', label: 'Longest first' },
];

/** Filters that are not seen at first. */
const MORE = ['person', 'worker', 'registry'] as const;

/** Narrows the list of builds down. The page's address holds the filter, so it can be kept, sent and gone back to. */
export function BuildFilters({
  filter,
  choices,
}: {
  filter: BuildFilter;
  choices: BuildChoicesView;
}) {
  const router = useRouter();
  const [q, setQ] = useState(filter.q ?? '');
  const go = (next: Record<string, string>) =>
    router.push(buildsHref(readBuildPage({ ...filter, q, ...next })));
  const choose = (name: keyof BuildFilter) => ({
    value: filter[name] ?? ANY,
    onChange: (value: string) => go({ [name]: value }),
  });
  const active = Object.keys(filter).filter((name) => name !== 'sort').length;
  return (
    <form
      role="search"
      aria-label="Builds"
      className="mb-3 grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        go({});
      }}
    >
      <div className="flex flex-wrap items-center gap-2">
        <div className="min-w-0 flex-[1_1_16rem]">
          <Input
            type="search"
            isMono
            value={q}
            onChange={(event) => setQ(event.target.value)}
            aria-label="Spec, tag, digest or #number"
            placeholder="Spec, tag, digest or #number"
            autoComplete="off"
          />
        </div>
        <Button type="submit" icon={<Search aria-hidden />}>
          Search
        </Button>
        <div className="w-36 max-sm:w-[calc(50%-0.25rem)]">
          <Select aria-label="State" options={STATES} {...choose('state')} />
        </div>
        <div className="w-44 max-sm:w-[calc(50%-0.25rem)]">
          <Select
            aria-label="Spec"
            options={toOptions('Any spec', choices.specs)}
            {...choose('spec')}
          />
        </div>
        <div className="w-36 max-sm:w-[calc(50%-0.25rem)]">
          <Select aria-label="Since" options={SINCE} {...choose('since')} />
        </div>
        <div className="w-36 max-sm:w-[calc(50%-0.25rem)]">
          <Select aria-label="Order" options={SORTS} {...choose('sort')} />
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
        <Disclosure
          summary="More filters"
          isOpenAtFirst={MORE.some((name) => filter[name] !== undefined)}
          className="max-sm:w-full"
        >
          <div className="grid gap-3 rounded-lg border bg-panel p-3 sm:min-w-[36rem] sm:grid-cols-3">
            <Field label="Started by">
              <Select
                options={toOptions('Anybody', choices.people)}
                {...choose('person')}
              />
            </Field>
            <Field label="Worker">
              <Select
                options={toOptions('Any worker', choices.workers)}
                {...choose('worker')}
              />
            </Field>
            <Field label="Registry">
              <Select
                options={toOptions('Any registry', choices.registries)}
                {...choose('registry')}
              />
            </Field>
          </div>
        </Disclosure>
        {filter.batch !== undefined && (
          <p className="text-ink-2">Only builds that were asked for together</p>
        )}
        {active > 0 && (
          <Button
            variant="ghost"
            icon={<X aria-hidden />}
            onClick={() => router.push('/builds')}
            className="ml-auto"
          >
            Reset {active === 1 ? 'the filter' : `${active} filters`}
          </Button>
        )}
      </div>
    </form>
  );
}

function toOptions(
  any: string,
  choices: readonly { id: string; name: string }[],
): Option[] {
  return [
    { value: ANY, label: any },
    ...choices.map(({ id, name }) => ({ value: id, label: name })),
  ];
}
