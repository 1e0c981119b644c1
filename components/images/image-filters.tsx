'use client';
import { Search, X } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type ReactNode, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Disclosure } from '@/components/ui/disclosure';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { type Option, Select } from '@/components/ui/select';
import { Switch } from '@/components/ui/switch';
import { ACCESS_VERDICTS } from '@/lib/registry/access';
import { verdictLabel } from '@/lib/registry/access-view';
import { type ImageFilter, imagesHref } from '@/lib/registry/image-filter';

const ANY = '';
const VERDICTS: Option[] = [
  { value: ANY, label: 'Any verdict' },
  ...ACCESS_VERDICTS.map((value) => ({
    value,
    label: verdictLabel(value).label,
  })),
];
const GONE: Option[] = [
  { value: ANY, label: 'In the registry' },
  { value: 'too', label: 'Gone ones too' },
  { value: 'only', label: 'Gone ones only' },
];
const KINDS: Option[] = [
  { value: ANY, label: 'Images and indexes' },
  { value: 'image', label: 'Images' },
  { value: 'index', label: 'Indexes' },
  { value: 'attestation', label: 'Attestations' },
  { value: 'artifact', label: 'Other artifacts' },
];

/** Filters that are not seen at first. */
const MORE = [
  'tag',
  'platform',
  'label',
  'gone',
  'kind',
  'min',
  'max',
] as const;

type Registries = readonly { id: string; name: string }[];

/** Narrows the list of images down. The page's address holds the filter, so it can be kept, sent and gone back to. */
export function ImageFilters({
  filter,
  registries,
}: {
  filter: ImageFilter;
  registries: Registries;
}) {
  const router = useRouter();
  const [draft, setDraft] = useState<Record<string, string>>(
    filter as Record<string, string>,
  );
  const go = (next: Record<string, string>) => {
    const kept = Object.entries(next).filter(
      ([, value]) => value.trim() !== '',
    );
    setDraft(Object.fromEntries(kept));
    router.push(imagesHref(Object.fromEntries(kept)));
  };
  const type = (name: string) => ({
    value: draft[name] ?? '',
    onChange: (event: { target: { value: string } }) =>
      setDraft({ ...draft, [name]: event.target.value }),
  });
  const choose = (name: string) => (value: string) =>
    go({ ...draft, [name]: value });
  const toggle = (name: string) => ({
    checked: draft[name] === '1',
    onChange: (isOn: boolean) => go({ ...draft, [name]: isOn ? '1' : '' }),
  });
  return (
    <form
      role="search"
      aria-label="Images"
      className="mb-3 grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        go(draft);
      }}
    >
      <div className="flex flex-wrap items-center gap-2">
        <div className="min-w-0 flex-[1_1_16rem]">
          <Input
            {...type('q')}
            type="search"
            isMono
            aria-label="Repository, repository:tag or digest"
            placeholder="Repository, repository:tag or digest"
            autoComplete="off"
          />
        </div>
        <Button type="submit" icon={<Search aria-hidden />}>
          Search
        </Button>
        <div className="w-40 max-sm:w-[calc(50%-0.25rem)]">
          <Select
            aria-label="Registry"
            value={draft.registry ?? ANY}
            onChange={choose('registry')}
            options={[
              { value: ANY, label: 'Any registry' },
              ...registries.map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
        </div>
        <div className="w-44 max-sm:w-[calc(50%-0.25rem)]">
          <Select
            aria-label="Whether anyone can pull it"
            value={draft.verdict ?? ANY}
            onChange={choose('verdict')}
            options={VERDICTS}
          />
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
        <Switch label="Used by tasks" {...toggle('used')} />
        <Switch label="Built here" {...toggle('built')} />
        <Disclosure
          summary="More filters"
          isOpenAtFirst={MORE.some((name) => filter[name] !== undefined)}
          className="max-sm:w-full"
        >
          <MoreFields type={type} draft={draft} choose={choose}>
            <Switch
              label="Parts of indexes"
              hint="Each platform of an index on a row of its own."
              {...toggle('parts')}
            />
          </MoreFields>
        </Disclosure>
        {Object.keys(filter).length > 0 && (
          <Button
            variant="ghost"
            icon={<X aria-hidden />}
            onClick={() => go({})}
            className="ml-auto"
          >
            Clear
          </Button>
        )}
      </div>
    </form>
  );
}

type Typed = {
  value: string;
  onChange: (event: { target: { value: string } }) => void;
};

function MoreFields({
  type,
  draft,
  choose,
  children,
}: {
  type: (name: string) => Typed;
  draft: Record<string, string>;
  choose: (name: string) => (value: string) => void;
  children: ReactNode;
}) {
  return (
    <div className="grid gap-3 rounded-lg border bg-panel p-3 sm:grid-cols-2 lg:grid-cols-4">
      <Field label="Tag begins with">
        <Input {...type('tag')} isMono autoComplete="off" />
      </Field>
      <Field label="Platform">
        <Input
          {...type('platform')}
          isMono
          placeholder="linux/arm64"
          autoComplete="off"
        />
      </Field>
      <Field label="Label">
        <Input
          {...type('label')}
          isMono
          placeholder="name=value"
          autoComplete="off"
        />
      </Field>
      <Field label="Kind">
        <Select
          value={draft.kind ?? ANY}
          onChange={choose('kind')}
          options={KINDS}
        />
      </Field>
      <Field label="At least, MiB">
        <Input {...type('min')} inputMode="numeric" autoComplete="off" />
      </Field>
      <Field label="At most, MiB">
        <Input {...type('max')} inputMode="numeric" autoComplete="off" />
      </Field>
      <Field label="In the registry">
        <Select
          value={draft.gone ?? ANY}
          onChange={choose('gone')}
          options={GONE}
        />
      </Field>
      <div className="grid content-end gap-2">
        {children}
        <div>
          <Button type="submit" size="sm">
            Apply
          </Button>
        </div>
      </div>
    </div>
  );
}
