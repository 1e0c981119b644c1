import { IDENTITY_LABELS } from '@/components/images/access-words';
import { VerdictChip } from '@/components/images/verdict-chip';
import { cn } from '@/components/ui/cn';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import type { AccessCell } from '@/lib/registry/forms';
import type { AccessMatrixView } from '@/lib/registry/views';

/** Who can pull an image, and for what. A cell opens the answer behind it. */
export function AccessMatrix({
  matrix: { identities, platforms, clusterPlatforms, cells },
  chosen,
  onChoose,
}: {
  matrix: AccessMatrixView;
  chosen: AccessCell;
  onChoose: (cell: AccessCell) => void;
}) {
  return (
    <Table label="Who can pull it" isBare>
      <THead>
        <Th>Who</Th>
        {platforms.map((platform) => (
          <Th key={platform}>
            {platform}
            {clusterPlatforms.includes(platform) && (
              <span className="text-ink-3"> · cluster</span>
            )}
          </Th>
        ))}
      </THead>
      <TBody>
        {identities.map((identity) => (
          <Tr key={identity}>
            <Td className="whitespace-nowrap">{IDENTITY_LABELS[identity]}</Td>
            {platforms.map((platform) => {
              const cell = cells.find(
                (one) => one.identity === identity && one.platform === platform,
              );
              const isOn =
                chosen.identity === identity && chosen.platform === platform;
              return (
                <Td key={platform}>
                  <button
                    type="button"
                    aria-pressed={isOn}
                    onClick={() => onChoose({ identity, platform })}
                    className={cn(
                      'rounded-full outline-offset-2',
                      isOn && 'ring-2 ring-accent',
                    )}
                  >
                    <span className="sr-only">
                      {IDENTITY_LABELS[identity]}, {platform}:{' '}
                    </span>
                    <VerdictChip verdict={cell?.verdict ?? null} />
                  </button>
                  {cell?.isStale && (
                    <span className="ml-1 text-2xs text-ink-3">stale</span>
                  )}
                </Td>
              );
            })}
          </Tr>
        ))}
      </TBody>
    </Table>
  );
}
