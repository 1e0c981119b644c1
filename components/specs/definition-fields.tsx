import { ArchiveFiles, summarize } from '@/components/specs/archive-files';
import { fieldName } from '@/components/specs/field-names';
import { CodeBlock } from '@/components/ui/code-block';
import { Disclosure } from '@/components/ui/disclosure';
import { KeyValue, KeyValues } from '@/components/ui/facts';
import { TextLink } from '@/components/ui/link';
import {
  DEFAULT_BASE_IMAGE,
  DEFAULT_PLATFORM,
  DEFAULT_PYTHON_VERSION,
} from '@/lib/imagespec/defaults';
import { entriesOf } from '@/lib/imagespec/changes';
import { FIELD_ORDER, type FieldName } from '@/lib/imagespec/fields';
import type { RevisionView } from '@/lib/imagespec/views';

const SHOWN_FIRST: FieldName[] = [
  'name',
  'registry',
  'base_image',
  'python_version',
  'platform',
];
const DEFAULTS: Partial<Record<FieldName, string>> = {
  base_image: DEFAULT_BASE_IMAGE,
  python_version: DEFAULT_PYTHON_VERSION,
  platform: DEFAULT_PLATFORM,
};

/** What is shown of a definition; its base is a spec of this team where it has an id. */
export type ShownDefinition = Pick<
  RevisionView,
  'fields' | 'requirements' | 'archiveFiles' | 'flytekitVersion'
> & {
  base: {
    specId?: string;
    name: string;
    revision: number;
    newest: number;
  } | null;
};

/** The fields of a revision as they were asked for; what was left out only where its default matters. */
export function DefinitionFields({ revision }: { revision: ShownDefinition }) {
  const { fields } = revision;
  const rest = FIELD_ORDER.filter((field) => !SHOWN_FIRST.includes(field));
  return (
    <KeyValues>
      {[...SHOWN_FIRST, ...rest].map((field) => (
        <Entry
          key={field}
          field={field}
          entries={entriesOf(fields, field)}
          fallback={
            field === 'python_version' && fields.python_exec
              ? undefined
              : DEFAULTS[field]
          }
          requirements={revision.requirements}
          base={revision.base}
        />
      ))}
      {revision.archiveFiles.length > 0 && (
        <KeyValue label="project folder">
          {summarize(revision.archiveFiles)}
          <ArchiveFiles files={revision.archiveFiles} />
        </KeyValue>
      )}
      <KeyValue label="flytekit">
        <span className="font-mono text-xs">{revision.flytekitVersion}</span>{' '}
        <span className="text-ink-3">unless the packages name another</span>
      </KeyValue>
    </KeyValues>
  );
}

function Entry({
  field,
  entries,
  fallback,
  requirements,
  base,
}: {
  field: FieldName;
  entries: string[] | undefined;
  /** What is taken where the field is left out. */
  fallback: string | undefined;
  requirements: string | null;
  base: ShownDefinition['base'];
}) {
  if (entries === undefined && fallback === undefined) return null;
  return (
    <KeyValue label={fieldName(field)}>
      {entries === undefined ? (
        <span className="text-ink-3">
          not set, so <span className="font-mono text-xs">{fallback}</span>
        </span>
      ) : field === 'base_image' && base ? (
        <BaseSpec base={base} entries={entries} />
      ) : (
        <Lines entries={entries} />
      )}
      {field === 'requirements' && requirements !== null && (
        <Disclosure summary={`Its text, ${lineCount(requirements)}`}>
          <CodeBlock text={requirements} label="requirements text" />
        </Disclosure>
      )}
    </KeyValue>
  );
}

/** The spec that is the base, with what is built from it only for those who ask. */
function BaseSpec({
  base: { specId, name, revision, newest },
  entries,
}: {
  base: NonNullable<ShownDefinition['base']>;
  entries: readonly string[];
}) {
  return (
    <>
      {specId === undefined ? (
        `the spec ${name}, revision ${revision}`
      ) : (
        <>
          the spec <TextLink href={`/specs/${specId}`}>{name}</TextLink>,{' '}
          <TextLink href={`/specs/${specId}/revisions/${revision}`}>
            revision {revision}
          </TextLink>
        </>
      )}
      {newest > revision && (
        <span className="text-ink-2">; its newest is {newest}</span>
      )}
      <Disclosure summary="Its fields">
        <Lines entries={entries} />
      </Disclosure>
    </>
  );
}

function Lines({ entries }: { entries: readonly string[] }) {
  if (entries.every((entry) => entry === ''))
    return <span className="text-ink-3">(empty)</span>;
  return (
    <ul className="font-mono text-xs">
      {entries.map((entry, index) => (
        <li key={index} className="break-words whitespace-pre-wrap">
          {entry}
        </li>
      ))}
    </ul>
  );
}

function lineCount(text: string): string {
  const count = text.replace(/\n$/, '').split('\n').length;
  return count === 1 ? '1 line' : `${count} lines`;
}
