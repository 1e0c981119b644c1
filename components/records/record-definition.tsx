import { DefinitionFields } from '@/components/specs/definition-fields';
import { Card } from '@/components/ui/card';
import { Time } from '@/components/ui/time';
import type { RecordView } from '@/lib/build/record-views';

/** What an imported build was asked for. */
export function RecordDefinition({
  definition,
}: Pick<RecordView, 'definition'>) {
  const { base, revision, author, createdAt, message } = definition;
  return (
    <Card
      title={`Revision ${revision}`}
      actions={
        <span className="text-ink-3">
          saved <Time at={createdAt} />
          {author !== null && ` by ${author}`}
        </span>
      }
    >
      {message !== '' && <p className="mb-2 text-ink-2">{message}</p>}
      <DefinitionFields
        revision={{
          ...definition,
          base: base && { ...base, newest: base.revision },
        }}
      />
    </Card>
  );
}
