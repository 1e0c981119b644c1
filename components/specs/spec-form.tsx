'use client';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { draftResolver, judge, toDraftErrors } from '@/components/specs/assess';
import { LimitNote } from '@/components/registries/limit-note';
import { DraftNotice, DraftStatus } from '@/components/specs/draft-notice';
import { dropDraft } from '@/components/specs/draft-store';
import { FormPreview } from '@/components/specs/form-preview';
import { FormChecks } from '@/components/specs/form-checks';
import { fillForm, FormCode } from '@/components/specs/form-code';
import { readSpecDraft, type SpecDraft } from '@/components/specs/spec-draft';
import { buildHosts } from '@/lib/imagespec/hosts';
import { lintSpec } from '@/lib/imagespec/lint/lint';
import type { ImageSpec } from '@/lib/imagespec/schema';
import { lintContext } from '@/components/specs/lint-context';
import { SaveButtons } from '@/components/specs/save-buttons';
import { ProjectFields } from '@/components/specs/project-fields';
import { SpecFields } from '@/components/specs/spec-fields';
import { TemplatePicker } from '@/components/specs/template-picker';
import { useFieldLink } from '@/components/specs/use-field-link';
import { useProject } from '@/components/specs/use-project';
import {
  BuilderFields,
  CondaFields,
  RuntimeFields,
} from '@/components/specs/more-fields';
import { SourceFields } from '@/components/specs/source-fields';
import {
  type OpenedDraft,
  useKeptDraft,
} from '@/components/specs/use-kept-draft';
import { Field } from '@/components/ui/field';
import { Form, FormFailure } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { DEFAULT_FLYTEKIT_VERSION } from '@/lib/imagespec/defaults';
import type {
  BaseChoiceView,
  RevisionView,
  SavedRevision,
} from '@/lib/imagespec/views';
import { errorView, RequestError } from '@/lib/queries/fetch-json';
import { specQueries } from '@/lib/queries/specs';
import type { RegistryItemView } from '@/lib/registry/views';

const NO_HELPERS = { uv: null, micromamba: null };

/** A spec as a form beside what it would become. What is typed is kept in this browser until it is saved. */
export function SpecForm({
  opened,
  draftKey,
  saved,
  current,
  spec,
  registries,
  bases,
  onSave,
  onBuild,
}: {
  opened: OpenedDraft;
  draftKey: string;
  /** The form of what is saved now. */
  saved: SpecDraft;
  current: RevisionView | null;
  spec: { id: string; name: string } | null;
  registries: RegistryItemView[];
  bases: readonly BaseChoiceView[];
  onSave: (draft: SpecDraft, base: number) => Promise<SavedRevision>;
  onBuild: (draft: SpecDraft, base: number) => Promise<void>;
}) {
  const { data: helpers = NO_HELPERS } = useQuery(specQueries.helperImages);
  const [base, setBase] = useState(opened.base);
  const [restoredFrom, setRestoredFrom] = useState(opened.restoredFrom);
  const [unchanged, setUnchanged] = useState<number | null>(null);
  const [isDone, setDone] = useState(false);
  const [isRefused, setRefused] = useState(false);
  const intent = useRef<'save' | 'build'>('save');

  const { data: defaults } = useQuery(specQueries.defaults);
  const teamFlytekit = defaults?.flytekitVersion ?? DEFAULT_FLYTEKIT_VERSION;
  const [asked, setAsked] = useState<SpecDraft>(opened.values);
  const project = useProject(asked);
  const setting = useMemo(
    () => ({
      registries,
      base: current,
      bases,
      helpers,
      project,
      teamFlytekit,
    }),
    [registries, current, bases, helpers, project, teamFlytekit],
  );
  const form = useForm<SpecDraft>({
    resolver: useMemo(() => draftResolver(setting), [setting]),
    mode: 'onChange',
    defaultValues: opened.values,
  });
  const watched = useWatch({ control: form.control });
  const values = useMemo(
    () => ({ ...opened.values, ...watched }),
    [opened.values, watched],
  );
  const kept = useKeptDraft(draftKey, values, base, saved);
  const calm = useDeferredValue(values);
  if (asked !== calm) setAsked(calm);
  const isNamed = calm.name.trim() !== '';
  // Before it has a name there is no tag, but the Dockerfile can be seen already.
  const reading = useMemo(
    () =>
      readSpecDraft(
        isNamed ? calm : { ...calm, name: 'unnamed' },
        registries,
        current,
        bases,
      ),
    [calm, isNamed, registries, current, bases],
  );
  const assessment = useMemo(() => judge(reading, setting), [reading, setting]);
  const findings = useMemo(
    () =>
      reading.ok && isNamed
        ? lintSpec({
            spec: reading.fields,
            requirements: reading.requirements,
            context: lintContext(
              spec?.id,
              reading.flytekitVersion ?? teamFlytekit,
              defaults,
              bases,
            ),
          })
        : [],
    [reading, isNamed, defaults, teamFlytekit, bases, spec],
  );
  const fill = (written: ImageSpec) =>
    fillForm(form, written, registries, bases);
  const { trigger, formState } = form;
  const { isSubmitting } = formState;

  // What a restored draft, another registry or a helper image makes wrong is shown without waiting for a key.
  const isRestored = opened.restoredFrom !== null;
  useEffect(() => {
    if (isRestored) void trigger();
  }, [isRestored, trigger]);

  // What the server reads of the project decides whether the fields that name it are right.
  useEffect(() => {
    if (project) void trigger();
  }, [project, trigger]);

  useFieldLink();

  const submit = async (draft: SpecDraft) => {
    setUnchanged(null);
    try {
      if (intent.current === 'build') {
        await onBuild(draft, base);
      } else {
        const answer = await onSave(draft, base);
        if (!answer.isNew) {
          setUnchanged(answer.revision);
          return;
        }
      }
      setDone(true);
      dropDraft(draftKey);
    } catch (error) {
      if (errorView(error).code === 'CONFLICT') {
        setRefused(true);
        return;
      }
      throw new RequestError(toDraftErrors(errorView(error)), { cause: error });
    }
  };

  return (
    <Form
      form={form}
      onSubmit={submit}
      label={spec ? `Edit ${spec.name}` : 'New spec'}
    >
      <PageHeader
        crumbs={[
          { label: 'Specs', href: '/specs' },
          ...(spec ? [{ label: spec.name, href: `/specs/${spec.id}` }] : []),
        ]}
        title={spec ? `Edit ${spec.name}` : 'New spec'}
        status={<DraftStatus base={base} {...kept} />}
        actions={
          <SaveButtons
            isSubmitting={isSubmitting}
            onPress={(pressed) => (intent.current = pressed)}
            hasRevisions={spec !== null}
          />
        }
      />
      {!isSubmitting && !isDone && (
        <DraftNotice
          base={base}
          current={current}
          isRefused={isRefused}
          restoredFrom={restoredFrom}
          onRebase={() => {
            setBase(current?.number ?? 0);
            setRefused(false);
          }}
          onDiscard={() => {
            form.reset(saved);
            setBase(current?.number ?? 0);
            setRefused(false);
            setRestoredFrom(null);
          }}
        />
      )}
      <FormFailure />
      {reading.ok && (
        <LimitNote
          hosts={buildHosts(reading.fields, helpers)}
          spending="build"
        />
      )}
      {spec === null && !isNamed && (
        <TemplatePicker
          onChoose={({ spec: begun, requirements }) => {
            const { registryId } = values;
            fill(begun);
            form.setValue('registryId', registryId);
            if (requirements !== null)
              form.setValue('requirementsText', requirements, {
                shouldDirty: true,
              });
          }}
        />
      )}
      {unchanged !== null && (
        <Notice
          tone="good"
          role="status"
          title={`Nothing changed: revision ${unchanged} asks for the same already.`}
        />
      )}
      <div className="grid items-start gap-x-6 gap-y-5 lg:grid-cols-2">
        <div className="grid min-w-0 gap-3.5">
          <SpecFields
            form={form}
            registries={registries}
            bases={bases}
            written={values.registry}
            isNew={spec === null}
            teamFlytekit={teamFlytekit}
          />
          <div className="grid gap-1 border-t pt-3">
            <ProjectFields form={form} />
            <CondaFields form={form} />
            <SourceFields form={form} />
            <RuntimeFields form={form} />
            <BuilderFields form={form} />
          </div>
          {spec && (
            <Field
              label="What changed, in your words"
              name="message"
              isOptional
              className="border-t pt-3.5"
            >
              <Input
                {...form.register('message')}
                maxLength={300}
                placeholder="Pin pandas"
              />
            </Field>
          )}
        </div>
        <FormPreview
          assessment={assessment}
          isNamed={isNamed}
          current={current}
          helpers={helpers}
          teamFlytekit={teamFlytekit}
          code={<FormCode reading={isNamed ? reading : null} onSpec={fill} />}
          checks={
            <FormChecks
              findings={findings}
              onFix={({ fix }) =>
                fix && reading.ok && fill(fix.apply(reading.fields))
              }
            />
          }
          toLookAt={
            findings.filter(({ severity }) => severity !== 'info').length
          }
        />
      </div>
    </Form>
  );
}
