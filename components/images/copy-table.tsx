import { CopyChip } from '@/components/images/copy-chip';
import { Digest } from '@/components/ui/digest';
import { TextLink } from '@/components/ui/link';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import type { CopyView } from '@/lib/registry/inventory-views';

/** The last copies from or to a repository. */
export function CopyTable({
  copies,
  repositoryId,
}: {
  copies: readonly CopyView[];
  repositoryId: string;
}) {
  return (
    <Table label="Copies" narrow="stack">
      <THead>
        <Th>Copy</Th>
        <Th>Digest</Th>
        <Th>State</Th>
        <Th isNumeric>Begun</Th>
      </THead>
      <TBody>
        {copies.map((copy) => (
          <Tr key={copy.id}>
            <Td>
              <TextLink
                href={`/images/copies/${copy.id}`}
                className="font-mono text-xs wrap-anywhere"
              >
                {copy.from.repositoryId === repositoryId
                  ? `to ${copy.to.repository}`
                  : `from ${copy.from.repository}`}
                {copy.tag !== null && `:${copy.tag}`}
              </TextLink>
            </Td>
            <Td label="Digest">
              <Digest value={copy.digest} hasCopy={false} />
            </Td>
            <Td label="State">
              <CopyChip copy={copy} />
            </Td>
            <Td label="Begun" isNumeric className="text-ink-2">
              <Time at={copy.createdAt} />
            </Td>
          </Tr>
        ))}
      </TBody>
    </Table>
  );
}
