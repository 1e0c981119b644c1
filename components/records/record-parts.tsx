import { buildTimes } from '@/components/builds/labels';
import { Digest } from '@/components/ui/digest';
import { StatusChip } from '@/components/ui/status-chip';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import { Elapsed } from '@/components/ui/time';
import type { RecordPart } from '@/lib/build/build-record';

/** What came of each platform of an imported build for several. */
export function RecordParts({ parts }: { parts: readonly RecordPart[] }) {
  return (
    <>
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
              <Tr key={part.platform}>
                <Td>
                  <code>{part.platform}</code>
                </Td>
                <Td>
                  <StatusChip state={part.state} />
                </Td>
                <Td className="wrap-anywhere text-ink-2 sm:w-full">
                  {part.digest === null ? (
                    part.failure?.message
                  ) : (
                    <Digest value={part.digest} />
                  )}
                </Td>
                <Td label="Worker">{part.worker ?? '–'}</Td>
                <Td label="Ran" isNumeric>
                  {ran ? <Elapsed {...ran} /> : '–'}
                </Td>
              </Tr>
            );
          })}
        </TBody>
      </Table>
      <p className="mt-2 text-ink-2">
        Steps, log and packages of a platform are in a record of its own, which
        its page gives where it was built.
      </p>
    </>
  );
}
