import { WorkerName } from '@/components/builds/build-facts';
import { asSentence, buildTimes } from '@/components/builds/labels';
import { imageHref } from '@/components/builds/published-card';
import { Digest } from '@/components/ui/digest';
import { TextLink } from '@/components/ui/link';
import { StatusChip } from '@/components/ui/status-chip';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import { Elapsed } from '@/components/ui/time';
import type { BuildPartView } from '@/lib/build/views';

/** The parts of a build for several platforms, each with a log of its own. */
export function PartTable({ parts }: { parts: readonly BuildPartView[] }) {
  return (
    <Table label="Platforms" narrow="stack">
      <THead>
        <Th>Platform</Th>
        <Th>State</Th>
        <Th>What came of it</Th>
        <Th>Worker</Th>
        <Th isNumeric>Ran</Th>
      </THead>
      <TBody>
        {parts.map((part) => {
          const { ran } = buildTimes(part);
          return (
            <Tr key={part.id}>
              <Td>
                <TextLink href={`/builds/${part.id}`}>
                  <code>{part.platform}</code>
                  <span className="sr-only">, log</span>
                </TextLink>
              </Td>
              <Td>
                <StatusChip state={part.state} />
              </Td>
              <Td className="wrap-anywhere text-ink-2 sm:w-full">
                <PartResult part={part} />
              </Td>
              <Td label="Worker" className="whitespace-nowrap">
                <WorkerName build={part} />
              </Td>
              <Td label="Ran" isNumeric>
                {ran ? <Elapsed {...ran} /> : '–'}
              </Td>
            </Tr>
          );
        })}
      </TBody>
    </Table>
  );
}

/** Its digest, why it failed, or why it waits. */
function PartResult({ part }: { part: BuildPartView }) {
  const { digest, failure, queue, repository } = part;
  if (digest !== null)
    return <Digest value={digest} href={imageHref(repository.id, digest)} />;
  if (failure) return failure.message;
  return queue && asSentence(queue.reason);
}
