import type { ReactNode } from 'react';
import { cacheWords } from '@/components/builds/bar-words';
import { hasWorker, WorkerName } from '@/components/builds/build-facts';
import { buildTimes } from '@/components/builds/labels';
import type { CompareChoice } from '@/components/builds/use-compare-choice';
import { PlatformNames } from '@/components/builds/platform-names';
import { imageHref } from '@/components/builds/published-card';
import { cn } from '@/components/ui/cn';
import { Digest } from '@/components/ui/digest';
import { TextLink } from '@/components/ui/link';
import { StatusChip } from '@/components/ui/status-chip';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import { Elapsed, Time } from '@/components/ui/time';
import type { BuildItemView } from '@/lib/build/views';

// On a phone the short cells share a line.
const PHONE = 'max-sm:inline-flex! max-sm:px-0!';

// There a link stands among words, and must not differ by its colour alone.
const IN_TEXT = 'max-sm:underline';

// Between phone and desk there is no room for it.
const ROOMY = 'sm:max-lg:hidden';

/** Builds, a row each; with `choice`, two of them can be chosen. `hasSpec`: off where all are of one spec that the page is about. */
export function BuildTable({
  builds,
  choice,
  hasSpec = true,
}: {
  builds: readonly BuildItemView[];
  choice?: CompareChoice;
  hasSpec?: boolean;
}) {
  return (
    <Table label="Builds" narrow="stack">
      <THead>
        {choice && (
          <Th className="w-0 pr-0!">
            <span className="sr-only">Compare</span>
          </Th>
        )}
        <Th>Build</Th>
        <Th>State</Th>
        <Th>Image</Th>
        <Th className={ROOMY}>Started by</Th>
        <Th className={ROOMY}>Platform</Th>
        <Th isNumeric>When</Th>
      </THead>
      <TBody>
        {builds.map((build) => (
          <Row key={build.id} build={build} choice={choice} hasSpec={hasSpec} />
        ))}
      </TBody>
    </Table>
  );
}

function Row({
  build,
  choice,
  hasSpec,
}: {
  build: BuildItemView;
  choice: CompareChoice | undefined;
  hasSpec: boolean;
}) {
  const { spec, revision, repository, tag, cause } = build;
  const image = `${repository.name}:${tag}`;
  return (
    <Tr className="max-sm:px-3">
      {choice && (
        <Td className={cn(PHONE, 'pr-0! max-sm:mr-2')}>
          <input
            type="checkbox"
            aria-label={`Choose build ${build.number} to compare`}
            checked={choice.chosen.some(({ id }) => id === build.id)}
            onChange={() => choice.toggle(build)}
            className="block size-4 accent-accent"
          />
        </Td>
      )}
      <Td className={cn(PHONE, 'whitespace-nowrap max-sm:mr-2')}>
        <Lines below={`revision ${revision.number}`}>
          <TextLink
            href={`/builds/${build.id}`}
            className={cn(IN_TEXT, 'tabular-nums')}
          >
            #{build.number}
          </TextLink>
          {hasSpec && (
            <>
              {' '}
              <TextLink href={`/specs/${spec.id}`} className={IN_TEXT}>
                {spec.name}
              </TextLink>
            </>
          )}
        </Lines>
      </Td>
      <Td className={PHONE}>
        <StatusChip state={build.state} />
      </Td>
      <Td className="max-sm:px-0! sm:w-full sm:max-w-0">
        <span className="block min-w-0">
          <code title={image} className="block truncate text-ink-2">
            {image}
          </code>
          <span className="block truncate text-xs text-ink-3">
            <Result build={build} />
          </span>
        </span>
      </Td>
      <Td className={cn(PHONE, ROOMY, 'whitespace-nowrap max-sm:mr-2')}>
        <Lines
          below={
            hasWorker(build) && (
              <>
                on <WorkerName build={build} />
              </>
            )
          }
        >
          {build.startedBy ?? '–'}
          {cause !== 'manual' && (
            <span className="text-ink-3">
              {cause === 'rebuild' ? ' · rebuild' : ' · for another spec'}
            </span>
          )}
        </Lines>
      </Td>
      <Td className={cn(PHONE, ROOMY, 'whitespace-nowrap max-sm:mr-2')}>
        <Lines below={cacheWords(build.cache)}>
          <PlatformNames platform={build.platform} />
        </Lines>
      </Td>
      <Td isNumeric className={PHONE}>
        <Lines
          below={
            <>
              <span className="sm:hidden">· </span>
              <Took build={build} />
            </>
          }
        >
          <Time at={build.createdAt} />
        </Lines>
      </Td>
    </Tr>
  );
}

/** Two lines of a cell; on a phone, where cells follow each other, one. */
function Lines({ below, children }: { below: ReactNode; children: ReactNode }) {
  return (
    <span className="block min-w-0 max-sm:inline">
      <span className="block max-sm:inline">{children}</span>{' '}
      <span data-prose className="block text-xs text-ink-3 max-sm:inline">
        {below}
      </span>
    </span>
  );
}

/** What came of a build: its digest, or why there is none. */
function Result({ build }: { build: BuildItemView }) {
  const { digest, failure, cancelledBy, repository } = build;
  if (digest !== null)
    return (
      <Digest
        value={digest}
        href={imageHref(repository.id, digest)}
        hasCopy={false}
      />
    );
  if (failure) return <span title={failure.message}>{failure.message}</span>;
  return cancelledBy === null ? null : `cancelled by ${cancelledBy}`;
}

function Took({ build }: { build: BuildItemView }) {
  const { waited, ran } = buildTimes(build);
  if (build.state === 'queued')
    return (
      <>
        waits <Elapsed from={build.createdAt} />
      </>
    );
  const [verb, span] = ran ? ['ran', ran] : ['waited', waited];
  return (
    <>
      {verb} <Elapsed {...span} />
    </>
  );
}
