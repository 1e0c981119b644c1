'use client';
import { useQuery } from '@tanstack/react-query';
import { CircleCheck, CircleDashed, CircleHelp, RotateCw } from 'lucide-react';
import { useState } from 'react';
import { groupTags, type TagGroup } from '@/components/specs/tag-groups';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Chip } from '@/components/ui/chip';
import { CopyButton } from '@/components/ui/copy-button';
import { Digest } from '@/components/ui/digest';
import { Notice } from '@/components/ui/notice';
import { Skeleton } from '@/components/ui/skeleton';
import { Switch } from '@/components/ui/switch';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import {
  type TagExistence,
  type TagExistenceView,
  tagsOfRevision,
} from '@/lib/imagespec/releases/revision-tags';
import type { RevisionView } from '@/lib/imagespec/views';
import { errorView } from '@/lib/queries/fetch-json';
import { tagExistence } from '@/lib/queries/spec-checks';

/** The tags of a revision in every line of flytekit releases, and which of them its registry has. */
export function RevisionTags({ revision }: { revision: RevisionView }) {
  const { data, error, refetch, isFetching } = useQuery(
    tagExistence(revision.specId, revision.number),
  );
  const reason = error
    ? errorView(error).message
    : data?.tags.flatMap((tag) =>
        tag.state === 'unknown' ? [tag.reason] : [],
      )[0];
  return (
    <TagCalculator
      revision={revision}
      existence={error ? { tags: [], askedAt: '' } : data}
      notKnown={reason}
      isAsking={isFetching}
      onAsk={() => void refetch()}
    />
  );
}

/**
 * The table behind `RevisionTags`. `existence` is undefined while the registry is asked; a tag it leaves out is not
 * known.
 */
export function TagCalculator({
  revision,
  existence,
  notKnown,
  isAsking,
  onAsk,
}: {
  revision: Pick<RevisionView, 'fields' | 'digests' | 'requirements'>;
  existence: TagExistenceView | undefined;
  /** Why the registry could not say of every tag. */
  notKnown: string | undefined;
  isAsking: boolean;
  onAsk: () => void;
}) {
  const [isArm64, setArm64] = useState(false);
  const groups = groupTags(tagsOfRevision(revision, { isArm64 }));
  const found = new Map(existence?.tags.map((tag) => [tag.tag, tag]));
  const isLocal = revision.fields.registry?.startsWith('localhost:') === true;
  return (
    <Card
      title="Tags by flytekit release"
      isFlush
      actions={
        <Button
          size="sm"
          icon={<RotateCw aria-hidden />}
          isPending={isAsking}
          onClick={onAsk}
        >
          Ask the registry
        </Button>
      }
    >
      <div className="grid gap-2 px-3 py-2 text-ink-2">
        <p data-prose className="max-w-[48rem]">
          Which tag a laptop asks for depends on its flytekit. Each row holds
          from its release until the row above; images of this spec may lie
          under any of these tags.
        </p>
        {isLocal && (
          <Switch
            label="Registered on an arm64 machine"
            hint="For a registry on localhost flytekit takes the platform of the laptop."
            checked={isArm64}
            onChange={setArm64}
          />
        )}
        {notKnown !== undefined && (
          <Notice
            tone="warn"
            title="Of some tags it is not known whether they are there."
          >
            {notKnown}
          </Notice>
        )}
      </div>
      <div className="border-t">
        <Table label="Tags by flytekit release" narrow="stack" isBare>
          <THead>
            <Th>Since flytekit</Th>
            <Th>Tag</Th>
            <Th>In the registry</Th>
            <Th>Why it is another</Th>
          </THead>
          <TBody>
            {groups.map((group, index) => (
              <Row
                key={group.since}
                group={group}
                isNewest={index === 0}
                isOldest={index === groups.length - 1}
                existence={
                  group.outcome.kind === 'tag'
                    ? found.get(group.outcome.tag)
                    : undefined
                }
                isWaiting={existence === undefined}
              />
            ))}
          </TBody>
        </Table>
      </div>
    </Card>
  );
}

function Row({
  group: { since, change, outcome, why },
  isNewest,
  isOldest,
  existence,
  isWaiting,
}: {
  group: TagGroup;
  isNewest: boolean;
  isOldest: boolean;
  existence: TagExistence | undefined;
  isWaiting: boolean;
}) {
  const isTag = outcome.kind === 'tag';
  return (
    <Tr>
      <Td className="align-top whitespace-nowrap">
        <span className="inline-flex min-h-6 items-center gap-2 font-mono text-xs">
          <span title={change}>{since}</span>
          {isNewest && <Chip tone="accent">today’s</Chip>}
        </span>
      </Td>
      <Td label="Tag" className="align-top">
        {isTag ? (
          <span className="inline-flex min-h-6 items-center gap-1">
            <span className="font-mono text-xs break-all">{outcome.tag}</span>
            <CopyButton text={outcome.tag} label={`tag since ${since}`} />
          </span>
        ) : (
          <span className="text-ink-2">
            <span className="font-semibold">
              {outcome.kind === 'refused' ? 'Refused' : 'Not known here'}
            </span>{' '}
            {outcome.reason}
          </span>
        )}
      </Td>
      <Td label="In the registry" className="align-top">
        {isTag ? (
          <Existence existence={existence} isWaiting={isWaiting} />
        ) : (
          <span className="text-ink-3">–</span>
        )}
      </Td>
      <Td label="Why it is another" className="align-top text-ink-2">
        {why.length > 0 ? (
          <ul className="max-w-[30rem] text-xs leading-5">
            {why.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        ) : (
          <span className="text-ink-3">
            {isOldest ? 'the first release line known here' : '–'}
          </span>
        )}
      </Td>
    </Tr>
  );
}

function Existence({
  existence,
  isWaiting,
}: {
  existence: TagExistence | undefined;
  isWaiting: boolean;
}) {
  if (isWaiting) return <Skeleton className="my-1.5 w-20" />;
  if (existence?.state === 'exists')
    return (
      <span className="inline-flex min-h-6 items-center gap-2">
        <Chip tone="good" icon={<CircleCheck aria-hidden />}>
          there
        </Chip>
        <Digest value={existence.digest} />
      </span>
    );
  if (existence?.state === 'missing')
    return (
      <Chip look="hollow" icon={<CircleDashed aria-hidden />}>
        not there
      </Chip>
    );
  return (
    <Chip
      tone="warn"
      icon={<CircleHelp aria-hidden />}
      title={existence?.reason}
    >
      not known
    </Chip>
  );
}
