'use client';
import { useId } from 'react';
import { ChangeList } from '@/components/specs/change-list';
import { fieldName, joinNames } from '@/components/specs/field-names';
import { ImageReference } from '@/components/specs/preview-cards';
import {
  canSave,
  registryNote,
  type SpecState,
} from '@/components/tasks/import-state';
import { Card } from '@/components/ui/card';
import { Chip } from '@/components/ui/chip';
import { Disclosure } from '@/components/ui/disclosure';
import { Field } from '@/components/ui/field';
import { Textarea } from '@/components/ui/input';
import { TextLink } from '@/components/ui/link';
import { Message } from '@/components/ui/message';
import type { PlannedSpec } from '@/lib/imagespec/import-plan';
import type { SpecMatchView } from '@/lib/imagespec/views';
import type { RegistryItemView } from '@/lib/registry/views';

export type JudgedSpec = {
  planned: PlannedSpec;
  state: SpecState;
  match: SpecMatchView | undefined;
};

/** The specs of the file, each with what saving it would do, to choose from. */
export function PlannedSpecs({
  specs,
  registries,
  isChosen,
  onChoose,
}: {
  specs: readonly JudgedSpec[];
  registries: readonly RegistryItemView[];
  isChosen: (name: string) => boolean;
  onChoose: (name: string, isChosen: boolean) => void;
}) {
  return (
    <Card title="Image specs" isFlush>
      <ul>
        {specs.map((spec) => (
          <Spec
            key={spec.planned.index}
            spec={spec}
            registries={registries}
            isChosen={isChosen(spec.planned.name)}
            onChoose={(next) => onChoose(spec.planned.name, next)}
          />
        ))}
      </ul>
    </Card>
  );
}

function Spec({
  spec: { planned, state, match },
  registries,
  isChosen,
  onChoose,
}: {
  spec: JudgedSpec;
  registries: readonly RegistryItemView[];
  isChosen: boolean;
  onChoose: (isChosen: boolean) => void;
}) {
  const id = useId();
  const { read, ready } = planned;
  const problems = read.problems.length;
  return (
    <li className="grid grid-cols-[1rem_minmax(0,1fr)] gap-x-2.5 border-b px-3 py-2.5 last:border-b-0">
      <input
        id={id}
        type="checkbox"
        className="mt-[3px] size-3.5 accent-accent"
        checked={isChosen}
        disabled={!canSave(state)}
        onChange={(event) => onChoose(event.target.checked)}
      />
      <div className="grid min-w-0 gap-1">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <label htmlFor={id} className="font-semibold break-all">
            {planned.name}
          </label>
          <StateChip state={state} />
          <span className="text-ink-3">
            {read.variable !== null && (
              <>
                <span className="font-mono text-xs">{read.variable}</span>,{' '}
              </>
            )}
            line {read.line}
          </span>
        </div>
        {ready && <ImageReference name={ready.imageName} tag={ready.tag} />}
        <Explanation state={state} match={match} />
        <RegistryLine planned={planned} registries={registries} />
        {read.fields.length > 0 && (
          <Disclosure
            summary={`As written${problems > 0 ? `, ${problems} to look at` : ''}`}
          >
            <Written planned={planned} />
          </Disclosure>
        )}
      </div>
    </li>
  );
}

function StateChip({ state }: { state: SpecState }) {
  switch (state.kind) {
    case 'comparing':
      return <Chip>comparing</Chip>;
    case 'new':
      return <Chip tone="accent">new spec</Chip>;
    case 'changed':
      return <Chip tone="accent">becomes revision {state.revision}</Chip>;
    case 'same':
      return <Chip>same as revision {state.revision}</Chip>;
    case 'archived':
      return <Chip tone="warn">archived</Chip>;
    case 'missing_file':
      return <Chip tone="warn">needs {state.path}</Chip>;
    case 'unreadable':
      return <Chip tone="warn">cannot be saved</Chip>;
  }
}

function Explanation({
  state,
  match,
}: {
  state: SpecState;
  match: SpecMatchView | undefined;
}) {
  if (state.kind === 'changed')
    return (
      <Disclosure
        summary={`Changes ${joinNames(state.changes.map(({ field }) => fieldName(field)))}`}
      >
        <ChangeList changes={state.changes} />
      </Disclosure>
    );
  if (state.kind === 'archived' && match)
    return (
      <p className="text-ink-2">
        <TextLink href={`/specs/${match.id}`}>Restore it</TextLink> to save it
        again.
      </p>
    );
  if (state.kind === 'unreadable')
    return (
      <p className="text-ink-2">
        <Message text={state.reason} />
      </p>
    );
  return null;
}

function RegistryLine({
  planned,
  registries,
}: {
  planned: PlannedSpec;
  registries: readonly RegistryItemView[];
}) {
  const note = registryNote(planned, registries);
  if (!note) return null;
  return (
    <p className="text-warn">
      {note.kind === 'none' ? (
        'It names no registry, so it can be saved but not built.'
      ) : (
        <>
          No registry here covers{' '}
          <span className="font-mono text-xs">{note.registry}</span>:{' '}
          <TextLink href="/registries/new">add it</TextLink> to build.
        </>
      )}
    </p>
  );
}

function Written({ planned }: { planned: PlannedSpec }) {
  const { fields, problems } = planned.read;
  return (
    <ul className="grid gap-1.5">
      {fields.map(({ name, line, source }, index) => (
        <li key={index} className="grid gap-x-3 sm:grid-cols-[8rem_1fr]">
          <span className="text-ink-2">
            {name} <span className="text-ink-3">:{line}</span>
          </span>
          <div className="min-w-0">
            <code className="block break-words whitespace-pre-wrap">
              {source}
            </code>
            {problems
              .filter(({ field }) => field === name)
              .map(({ message }, at) => (
                <p key={at} className="text-xs text-warn">
                  <Message text={message} />
                </p>
              ))}
          </div>
        </li>
      ))}
      {problems
        .filter(({ field }) => fields.every(({ name }) => name !== field))
        .map(({ line, message, source }, index) => (
          <li key={`p${index}`} className="text-xs text-warn">
            Line {line}: <Message text={message} /> <code>{source}</code>
          </li>
        ))}
    </ul>
  );
}

/** The texts of requirements files that specs of the file name. */
export function RequirementsTexts({
  paths,
  texts,
  onChange,
}: {
  paths: readonly string[];
  texts: Readonly<Record<string, string>>;
  onChange: (path: string, text: string) => void;
}) {
  if (paths.length === 0) return null;
  return (
    <Card title="Requirements files">
      <div className="grid gap-3">
        {paths.map((path) => (
          <Field
            key={path}
            label={`Text of ${path}`}
            hint="Paste it: the tag depends on it."
          >
            <Textarea
              isMono
              rows={4}
              value={texts[path] ?? ''}
              onChange={(event) => onChange(path, event.target.value)}
            />
          </Field>
        ))}
      </div>
    </Card>
  );
}
