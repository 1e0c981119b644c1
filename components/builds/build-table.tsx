import { WorkerName } from '@/components/builds/build-facts';
import { buildTimes } from '@/components/builds/labels';
import { imageHref } from '@/components/builds/published-card';
import { Digest } from '@/components/ui/digest';
import { TextLink } from '@/components/ui/link';
import { StatusChip } from '@/components/ui/status-chip';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import { Elapsed, Time } from '@/components/ui/time';
import type { BuildItemView } from '@/lib/build/views';

/** Builds, a row each. `hasSpec`: off where all are of one spec that the page is about. */
export function BuildTable({
  builds,
  hasSpec = true,
}: {
  builds: readonly BuildItemView[];
  hasSpec?: boolean;
}) {
  return (
    <Table label="Builds" narrow="stack">
      <THead>
        <Th>Build</Th>
        <Th>State</Th>
        <Th>Image</Th>
        <Th>Digest</Th>
        <Th>Started by</Th>
        <Th>Worker</Th>
        <Th isNumeric>Took</Th>
        <Th isNumeric>Age</Th>
      </THead>
      <TBody>
        {builds.map((build) => (
          <Row key={build.id} build={build} hasSpec={hasSpec} />
        ))}
      </TBody>
    </Table>
  );
}

function Row({ build, hasSpec }: { build: BuildItemView; hasSpec: boolean }) {
  const { spec, revision, repository, tag, digest, failure } = build;
  const { waited, ran } = buildTimes(build);
  return (
    <Tr>
      <Td>
        <span className="whitespace-nowrap">
          <TextLink href={`/builds/${build.id}`} className="tabular-nums">
            #{build.number}
          </TextLink>
          {hasSpec && (
            <>
              {' '}
              <TextLink href={`/specs/${spec.id}`}>{spec.name}</TextLink>
            </>
          )}{' '}
          <span className="text-ink-3">rev {revision.number}</span>
        </span>
      </Td>
      <Td label="State">
        <StatusChip state={build.state} title={failure?.message} />
      </Td>
      <Td label="Image" className="max-w-0 lg:w-[28%]">
        <code
          title={`${repository.name}:${tag}`}
          className="block truncate text-ink-2"
        >
          {repository.name}:{tag}
        </code>
      </Td>
      <Td label="Digest">
        {digest === null ? (
          <span className="text-ink-3">–</span>
        ) : (
          <Digest
            value={digest}
            href={imageHref(repository.id, digest)}
            hasCopy={false}
          />
        )}
      </Td>
      <Td label="Started by">{build.startedBy ?? '–'}</Td>
      <Td label="Worker">
        <WorkerName build={build} />
      </Td>
      <Td label="Took" isNumeric>
        {ran ? (
          <Elapsed {...ran} />
        ) : (
          <span className="text-ink-3">
            waited <Elapsed {...waited} />
          </span>
        )}
      </Td>
      <Td label="Age" isNumeric>
        <Time at={build.createdAt} className="text-ink-2" />
      </Td>
    </Tr>
  );
}
