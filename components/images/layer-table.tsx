import { Digest } from '@/components/ui/digest';
import { formatBytes } from '@/components/ui/format';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import { instructionTitle } from '@/lib/imagespec/instruction-title';
import type { LayerView } from '@/lib/registry/views';

/** The layers of an image, bottom first, with what made each and how the size adds up. */
export function LayerTable({ layers }: { layers: LayerView[] }) {
  const totals = layers.map((_, index) =>
    layers
      .slice(0, index + 1)
      .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  );
  const largest = Math.max(1, ...layers.map(({ sizeBytes }) => sizeBytes));
  return (
    <Table label="Layers" narrow="stack">
      <THead>
        <Th>#</Th>
        <Th>Made by</Th>
        <Th>Layer</Th>
        <Th>Shared with</Th>
        <Th isNumeric>Size</Th>
        <Th isNumeric>Total</Th>
      </THead>
      <TBody>
        {layers.map((layer, index) => {
          return (
            <Tr key={layer.position}>
              <Td label="Layer" className="text-ink-3 tabular-nums">
                {layer.position + 1}
              </Td>
              <Td label="Made by" className="max-w-[32rem]">
                <span
                  className="line-clamp-2 font-mono text-xs break-all"
                  title={layer.madeBy ?? undefined}
                >
                  {layer.madeBy ? (
                    instructionTitle(layer.madeBy)
                  ) : (
                    <span className="text-ink-3">not said</span>
                  )}
                </span>
              </Td>
              <Td label="Digest">
                <Digest value={layer.digest} />
              </Td>
              <Td label="Shared with" className="whitespace-nowrap text-ink-2">
                {layer.sharedWith === 0
                  ? 'only this'
                  : `${layer.sharedWith} ${layer.sharedWith === 1 ? 'image' : 'images'}`}
              </Td>
              <Td label="Size" isNumeric>
                <span className="inline-grid w-24 justify-items-end gap-0.5">
                  {formatBytes(layer.sizeBytes)}
                  <span
                    aria-hidden
                    className="h-1 rounded-full bg-accent"
                    style={{
                      width: `${Math.max(1, (layer.sizeBytes / largest) * 100)}%`,
                    }}
                  />
                </span>
              </Td>
              <Td label="Total" isNumeric className="text-ink-2">
                {formatBytes(totals[index] ?? 0)}
              </Td>
            </Tr>
          );
        })}
      </TBody>
    </Table>
  );
}
