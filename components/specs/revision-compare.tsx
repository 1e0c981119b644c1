'use client';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { ChangeList } from '@/components/specs/change-list';
import { fieldName, joinNames } from '@/components/specs/field-names';
import { askedOf, readPreview } from '@/components/specs/preview';
import { ImageReference } from '@/components/specs/preview-cards';
import { TextDiff } from '@/components/specs/text-diff';
import { Card } from '@/components/ui/card';
import { Select } from '@/components/ui/select';
import { changedFields, type FieldChange } from '@/lib/imagespec/changes';
import type { RevisionView } from '@/lib/imagespec/views';
import { specQueries } from '@/lib/queries/specs';

const NO_HELPERS = { uv: null, micromamba: null };
/** flytekit's tag does not cover these. */
const NOT_IN_TAG: readonly string[] = [
  'flytekit_version',
  'builder',
  'pip_secret_mounts',
  'runtime_packages',
  'registry_config',
];

/** Two revisions of one spec side by side: the tag and why it differs, the fields, the texts, the Dockerfile. */
export function RevisionCompare({
  revision,
  other,
  newest,
}: {
  revision: RevisionView;
  other: RevisionView;
  /** Number of the spec's newest revision. */
  newest: number;
}) {
  const router = useRouter();
  const { data: helpers = NO_HELPERS } = useQuery(specQueries.helperImages);
  const [before, after] =
    revision.number < other.number ? [revision, other] : [other, revision];
  const changes = changedFields(before, after);
  const dockerfiles = [before, after].map((each) => {
    const reading = readPreview(askedOf(each), helpers);
    return reading.ok ? reading.preview.dockerfile : '';
  });
  return (
    <Card
      title={`From revision ${before.number} to ${after.number}`}
      isFlush
      actions={
        <Select
          aria-label="Compare with"
          value={String(other.number)}
          onChange={(number) =>
            router.push(
              `/specs/${revision.specId}/revisions/${revision.number}?with=${number}`,
              { scroll: false },
            )
          }
          options={Array.from({ length: newest }, (_, index) => newest - index)
            .filter((number) => number !== revision.number)
            .slice(0, 200)
            .map((number) => ({
              value: String(number),
              label: `with revision ${number}`,
            }))}
        />
      }
    >
      <div className="grid gap-3 p-3">
        <TagChange before={before} after={after} changes={changes} />
        {changes.length === 0 ? (
          <p className="text-ink-2">Both ask for the same.</p>
        ) : (
          <ChangeList changes={changes} />
        )}
      </div>
      {before.requirements !== after.requirements && (
        <Part title={after.fields.requirements ?? 'requirements'}>
          <TextDiff
            before={before.requirements ?? ''}
            after={after.requirements ?? ''}
            label="Requirements, line by line"
          />
        </Part>
      )}
      {before.pyproject !== after.pyproject && (
        <Part title="pyproject.toml">
          <TextDiff
            before={before.pyproject ?? ''}
            after={after.pyproject ?? ''}
            label="pyproject.toml, line by line"
          />
        </Part>
      )}
      <Part title="Dockerfile">
        <TextDiff
          before={dockerfiles[0] ?? ''}
          after={dockerfiles[1] ?? ''}
          label="Dockerfile, line by line"
        />
      </Part>
    </Card>
  );
}

function Part({
  title,
  children,
}: {
  title: string;
  children: React.ReactNode;
}) {
  return (
    <section className="border-t last:[&>pre]:rounded-b-[7px]">
      <h3 className="px-3 py-1.5 font-semibold">{title}</h3>
      {children}
    </section>
  );
}

function TagChange({
  before,
  after,
  changes,
}: {
  before: RevisionView;
  after: RevisionView;
  changes: readonly FieldChange[];
}) {
  const names = (isCounted: boolean) =>
    joinNames(
      changes
        .map(({ field }) => field)
        .filter((field) => NOT_IN_TAG.includes(field) !== isCounted)
        .map((field) => fieldName(field)),
    );
  const counted = names(true);
  const isSame =
    before.tag === after.tag && before.imageName === after.imageName;
  return (
    <div className="grid gap-1">
      {isSame ? (
        <ImageReference name={after.imageName} tag={after.tag} />
      ) : (
        <>
          <span className="text-ink-2">
            <ImageReference name={before.imageName} tag={before.tag} />
          </span>
          <ImageReference name={after.imageName} tag={after.tag} />
        </>
      )}
      <p className="text-ink-2">
        {isSame
          ? changes.length === 0
            ? 'The tag is the same.'
            : 'The tag is the same, because flytekit does not count what changed. The image may differ.'
          : `The tag differs because flytekit counts ${counted === '' ? 'what changed' : counted}.`}
      </p>
    </div>
  );
}
