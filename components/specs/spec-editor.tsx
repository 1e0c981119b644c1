'use client';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useMemo, useState } from 'react';
import { draftKey } from '@/components/specs/draft-store';
import { SpecForm } from '@/components/specs/spec-form';
import {
  NONE,
  readSpecDraft,
  type SpecDraft,
  toSpecDraft,
} from '@/components/specs/spec-draft';
import { useBuildOfSaved } from '@/components/specs/use-build-of-saved';
import { openDraft } from '@/components/specs/use-kept-draft';
import { useIsHydrated } from '@/components/ui/clock';
import { Skeleton } from '@/components/ui/skeleton';
import type { SpecView } from '@/lib/build/spec-views';
import type { CreateSpec } from '@/lib/imagespec/inputs';
import { imageName } from '@/lib/imagespec/tag';
import type {
  BaseChoiceView,
  RevisionView,
  SavedRevision,
} from '@/lib/imagespec/views';
import { registryQueries } from '@/lib/queries/registries';
import {
  specQueries,
  useCreateAndBuild,
  useCreateSpec,
  useSaveAndBuild,
  useSaveRevision,
} from '@/lib/queries/specs';
import type { RegistryItemView } from '@/lib/registry/views';

/** What "Save" sends: the server computes everything else. Only called once the form holds no fault. */
function toInput(
  draft: SpecDraft,
  registries: readonly RegistryItemView[],
  base: RevisionView | null,
  bases: readonly BaseChoiceView[],
): CreateSpec {
  const reading = readSpecDraft(draft, registries, base, bases);
  if (!reading.ok) throw new Error('A form with faults was sent.');
  const { ok: _, ...definition } = reading;
  return { ...definition, message: draft.message };
}

/** The form of a new spec. */
export function NewSpecEditor({
  userId,
  registryId,
}: {
  userId: string;
  registryId: string | null;
}) {
  const isHydrated = useIsHydrated();
  const { data: registries } = useQuery(registryQueries.list);
  const { data: bases } = useQuery(specQueries.bases);
  if (!isHydrated || !registries || !bases) return <EditorSkeleton />;
  return (
    <NewSpec
      userId={userId}
      registries={registries}
      bases={bases}
      registryId={registryId ?? registries[0]?.id ?? null}
    />
  );
}

function NewSpec({
  userId,
  registries,
  bases,
  registryId,
}: {
  userId: string;
  registries: RegistryItemView[];
  bases: BaseChoiceView[];
  registryId: string | null;
}) {
  const router = useRouter();
  const create = useCreateSpec();
  const createAndBuild = useCreateAndBuild();
  const { followBuild, dialog } = useBuildOfSaved();
  const key = draftKey(userId, null);
  const fresh = toSpecDraft(null, registries, registryId);
  // A form begun before the first registry was added goes to that one.
  const [opened] = useState(() => {
    const draft = openDraft(key, fresh, 0);
    return draft.values.registryId === NONE
      ? { ...draft, values: { ...draft.values, registryId: fresh.registryId } }
      : draft;
  });
  return (
    <>
      <SpecForm
        opened={opened}
        draftKey={key}
        saved={fresh}
        current={null}
        spec={null}
        registries={registries}
        bases={bases}
        onSave={async (draft) => {
          const saved = await create.mutateAsync(
            toInput(draft, registries, null, bases),
          );
          router.push(`/specs/${saved.id}`);
          return saved;
        }}
        onBuild={async (draft) => {
          const saved = await createAndBuild.mutateAsync(
            toInput(draft, registries, null, bases),
          );
          followBuild(saved);
        }}
      />
      {dialog}
    </>
  );
}

/** The form of the next revision. `start` is an earlier one to begin from instead of the current. */
export function SpecEditor({
  userId,
  specId,
  start,
}: {
  userId: string;
  specId: string;
  start: RevisionView | null;
}) {
  const isHydrated = useIsHydrated();
  const { data: registries } = useQuery(registryQueries.list);
  const { data: spec } = useQuery(specQueries.detail(specId));
  const { data: bases } = useQuery(specQueries.bases);
  if (!isHydrated || !registries || !spec || !bases) return <EditorSkeleton />;
  return (
    <NextRevision
      userId={userId}
      spec={spec}
      start={start}
      registries={registries}
      bases={bases}
    />
  );
}

function NextRevision({
  userId,
  spec,
  start,
  registries,
  bases: others,
}: {
  userId: string;
  spec: SpecView;
  start: RevisionView | null;
  registries: RegistryItemView[];
  bases: BaseChoiceView[];
}) {
  const router = useRouter();
  const { refetch } = useQuery(specQueries.detail(spec.id));
  const save = useSaveRevision();
  const saveAndBuild = useSaveAndBuild();
  const { followBuild, dialog } = useBuildOfSaved();
  const key = draftKey(userId, spec.id);
  const current = spec.revision;
  const bases = useMemo(
    () => basesFor(others, spec.id, [current, start]),
    [others, spec.id, current, start],
  );
  const registryId = spec.registry?.id ?? null;
  const saved = toSpecDraft(current, registries, registryId);
  const [opened] = useState(() =>
    start
      ? {
          values: toSpecDraft(start, registries, registryId),
          base: current.number,
          restoredFrom: null,
        }
      : openDraft(key, saved, current.number),
  );
  // After a conflict the form shows what the other person saved.
  const orReread = async <T,>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      await refetch();
      throw error;
    }
  };
  const input = (draft: SpecDraft, baseRevision: number) => ({
    ...toInput(draft, registries, current, bases),
    specId: spec.id,
    baseRevision,
  });
  return (
    <>
      <SpecForm
        opened={opened}
        draftKey={key}
        saved={saved}
        current={current}
        spec={{ id: spec.id, name: spec.name }}
        registries={registries}
        bases={bases}
        onSave={async (draft, base): Promise<SavedRevision> => {
          const answer = await orReread(save.mutateAsync(input(draft, base)));
          if (answer.isNew) router.push(`/specs/${spec.id}`);
          return answer;
        }}
        onBuild={async (draft, base) => {
          const answer = await orReread(
            saveAndBuild.mutateAsync(input(draft, base)),
          );
          followBuild(answer);
        }}
      />
      {dialog}
    </>
  );
}

/** What this spec may stand on: not itself, and also the earlier revision of a base that it stands on now. */
function basesFor(
  choices: readonly BaseChoiceView[],
  specId: string,
  revisions: readonly (RevisionView | null)[],
): BaseChoiceView[] {
  const known = choices.filter((choice) => choice.specId !== specId);
  for (const revision of revisions) {
    const { base_image: fields } = revision?.fields ?? {};
    const { base, baseRevisionId, digests } = revision ?? {};
    if (typeof fields !== 'object' || !base || !baseRevisionId) continue;
    if (known.some(({ revisionId }) => revisionId === baseRevisionId)) continue;
    known.push({
      revisionId: baseRevisionId,
      specId: base.specId,
      name: base.name,
      revision: base.revision,
      fields,
      digests: digests?.base ?? {},
      image: imageName(fields, digests?.base ?? {}),
    });
  }
  return known;
}

function EditorSkeleton() {
  return (
    <div
      role="status"
      aria-label="Loading"
      className="grid gap-5 lg:grid-cols-2"
    >
      <div className="grid content-start gap-4">
        {Array.from({ length: 7 }, (_, index) => (
          <div key={index} className="grid gap-2">
            <Skeleton className="w-24" />
            <Skeleton className="h-[30px] w-full" />
          </div>
        ))}
      </div>
      <div className="grid content-start gap-4">
        <Skeleton className="h-36 w-full" />
        <Skeleton className="h-96 w-full" />
      </div>
    </div>
  );
}
