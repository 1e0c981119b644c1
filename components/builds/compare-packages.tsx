import { count } from '@/components/builds/labels';
import { PACKAGE_KIND_NAMES } from '@/components/packages/package-words';
import { Section } from '@/components/ui/card';
import { Chip } from '@/components/ui/chip';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import {
  comparePackages,
  type PackageChange,
  type PackageGroup,
} from '@/lib/build/packages';

type Groups = readonly PackageGroup[];

/** Which packages came into the image, went, or are of another version. */
export function ComparePackages({
  before,
  after,
}: {
  before: Groups | null;
  after: Groups | null;
}) {
  if (!before || !after)
    return (
      <Section title="Packages">
        <p className="text-ink-2">
          Packages are compared once both builds published an image that was
          looked into.
        </p>
      </Section>
    );
  const changes = comparePackages(before, after);
  return (
    <Section
      title={
        <>
          Packages{' '}
          <span className="font-normal text-ink-3">
            {changes.length === 0
              ? 'the same'
              : `${count(changes.length, 'change')}`}
          </span>
        </>
      }
    >
      {changes.length === 0 ? (
        <p className="text-ink-2">
          Both images hold the same packages of the same versions.
        </p>
      ) : (
        <Table label="Packages that differ" narrow="stack">
          <THead>
            <Th>Package</Th>
            <Th>Kind</Th>
            <Th>Before</Th>
            <Th>After</Th>
          </THead>
          <TBody>
            {changes.map((change) => (
              <Row key={`${change.kind} ${change.name}`} change={change} />
            ))}
          </TBody>
        </Table>
      )}
    </Section>
  );
}

function Row({
  change: { kind, name, before, after },
}: {
  change: PackageChange;
}) {
  return (
    <Tr>
      <Td className="break-all">
        <span className="mr-2">{name}</span>
        {before.length === 0 && <Chip tone="good">new</Chip>}
        {after.length === 0 && <Chip tone="bad">gone</Chip>}
      </Td>
      <Td label="Kind" className="text-ink-2">
        {PACKAGE_KIND_NAMES[kind]}
      </Td>
      <Td label="Before" className="font-mono text-xs break-all">
        {before.join(', ') || '–'}
      </Td>
      <Td label="After" className="font-mono text-xs break-all">
        {after.join(', ') || '–'}
      </Td>
    </Tr>
  );
}
