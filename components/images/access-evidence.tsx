import { Disclosure } from '@/components/ui/disclosure';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import type { AccessEvidence as Evidence } from '@/lib/registry/access-evidence';

/** The requests a verdict rests on, one a row. */
export function AccessEvidence({ evidence }: { evidence: Evidence }) {
  const { exchanges, parts } = evidence;
  const known = parts.filter(({ seenAt }) => seenAt !== undefined).length;
  const count = `${exchanges.length} ${exchanges.length === 1 ? 'request' : 'requests'}`;
  return (
    <Disclosure summary={`The ${count} behind this`}>
      <Table label="Requests" isBare>
        <THead>
          <Th>What</Th>
          <Th>As</Th>
          <Th>Request</Th>
          <Th isNumeric>Answer</Th>
          <Th isNumeric>Took</Th>
        </THead>
        <TBody>
          {exchanges.map((exchange, index) => (
            // Requests never move: their order is what happened.
            <Tr key={index}>
              <Td>{exchange.purpose}</Td>
              <Td className="text-ink-2">
                {exchange.identity === 'anonymous'
                  ? 'nobody'
                  : 'stored credential'}
              </Td>
              <Td>
                <span className="font-mono text-xs break-all">
                  {exchange.method} {exchange.url}
                </span>
                {exchange.challenge && (
                  <span className="block font-mono text-2xs break-all text-ink-3">
                    {exchange.challenge}
                  </span>
                )}
              </Td>
              <Td isNumeric>
                {exchange.status ?? exchange.failure}
                {exchange.upstreamCode && (
                  <span className="text-ink-3"> {exchange.upstreamCode}</span>
                )}
              </Td>
              <Td isNumeric className="text-ink-2">
                {exchange.durationMs === null
                  ? '–'
                  : `${Math.round(exchange.durationMs)} ms`}
              </Td>
            </Tr>
          ))}
        </TBody>
      </Table>
      {known > 0 && (
        <p className="mt-2 text-ink-2">
          {known} more {known === 1 ? 'layer was' : 'layers were'} asked for up
          to five minutes earlier, for another image of this repository.
        </p>
      )}
    </Disclosure>
  );
}
