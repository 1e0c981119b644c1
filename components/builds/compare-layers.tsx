import { count } from '@/components/builds/labels';
import { Card } from '@/components/ui/card';
import { cn } from '@/components/ui/cn';
import { Digest } from '@/components/ui/digest';
import { formatBytes } from '@/components/ui/format';
import { type ComparedLayer, compareLayers } from '@/lib/build/compare';
import { instructionTitle } from '@/lib/imagespec/instruction-title';

type Layers = readonly ComparedLayer[];

const sizeOf = (layers: Layers) =>
  formatBytes(layers.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));

/** Which layers of the two images are the same, went and came. */
export function CompareLayers({
  before,
  after,
}: {
  before: Layers | null;
  after: Layers | null;
}) {
  if (!before || !after)
    return (
      <Card title="Layers">
        <p className="text-ink-2">
          Layers are compared once both builds published an image and its
          manifest was read.
        </p>
      </Card>
    );
  const { shared, removed, added } = compareLayers(before, after);
  return (
    <Card title="Layers">
      <p className="text-ink-2">
        {[
          shared.length === 0
            ? 'They share no layer.'
            : `They share ${count(shared.length, 'layer')}, ${sizeOf(shared)}.`,
          removed.length > 0 &&
            `${count(removed.length, 'layer')} went, ${sizeOf(removed)}.`,
          added.length > 0 &&
            `${count(added.length, 'layer')} came, ${sizeOf(added)}.`,
        ]
          .filter(Boolean)
          .join(' ')}
      </p>
      <ul className="mt-2 grid grid-cols-1 gap-1.5 empty:hidden">
        {removed.map((layer, index) => (
          <Layer key={`-${index}`} layer={layer} sign="−" />
        ))}
        {added.map((layer, index) => (
          <Layer key={`+${index}`} layer={layer} sign="+" />
        ))}
      </ul>
    </Card>
  );
}

function Layer({
  layer: { digest, sizeBytes, madeBy },
  sign,
}: {
  layer: ComparedLayer;
  sign: '−' | '+';
}) {
  const isNew = sign === '+';
  return (
    <li className="flex flex-wrap items-baseline gap-x-3">
      <span className={cn('font-mono', isNew ? 'text-good' : 'text-bad')}>
        <span className="sr-only">{isNew ? 'came' : 'went'}</span>
        <span aria-hidden>{sign}</span>
      </span>
      <Digest value={digest} />
      <span className="min-w-0 flex-[1_1_14rem] truncate font-mono text-xs">
        {madeBy ? (
          instructionTitle(madeBy)
        ) : (
          <span className="text-ink-3">not said</span>
        )}
      </span>
      <span className="ml-auto tabular-nums">{formatBytes(sizeBytes)}</span>
    </li>
  );
}
