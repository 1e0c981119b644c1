import { KindOrPlatforms } from '@/components/images/image-table';
import { TagChips } from '@/components/images/tag-chips';
import { Chip } from '@/components/ui/chip';
import { Digest } from '@/components/ui/digest';
import { formatBytes } from '@/components/ui/format';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import type { RelatedView } from '@/lib/registry/views';

const PREDICATES: readonly [RegExp, string][] = [
  [/slsa\.dev\/provenance/, 'provenance'],
  [/spdx\.dev/, 'SBOM (SPDX)'],
  [/cyclonedx/, 'SBOM (CycloneDX)'],
  [/cosign\.simplesigning|\.sig\b|signature/, 'signature'],
];

/** What an attestation or artifact is about, in a word where it is a known one. */
function aboutOf({ artifactType, kind }: RelatedView): string {
  if (artifactType === null) return kind ?? 'unknown';
  const known = PREDICATES.filter(([test]) => test.test(artifactType)).map(
    ([, word]) => word,
  );
  return known.length > 0 ? known.join(', ') : artifactType;
}

/** Manifests beside an image: the parts of an index, the indexes around it, or what hangs on it. */
export function RelatedTable({
  label,
  repositoryId,
  related,
  isAbout = false,
}: {
  label: string;
  repositoryId: string;
  related: readonly RelatedView[];
  /** Says what each is about rather than what runs it. */
  isAbout?: boolean;
}) {
  return (
    <Table label={label} narrow="stack">
      <THead>
        <Th>{isAbout ? 'About' : 'Platform'}</Th>
        <Th>Digest</Th>
        <Th>{isAbout ? 'Of' : 'Tags'}</Th>
        <Th isNumeric>Size</Th>
      </THead>
      <TBody>
        {related.map((one) => (
          <Tr key={one.digest}>
            <Td className="break-all">
              {isAbout ? (
                <span title={one.artifactType ?? undefined}>
                  {aboutOf(one)}
                </span>
              ) : (
                (one.platform ?? (
                  <KindOrPlatforms
                    image={{
                      kind: one.kind ?? 'image',
                      platforms: [],
                      artifactType: one.artifactType,
                    }}
                  />
                ))
              )}
            </Td>
            <Td label="Digest">
              <span className="flex flex-wrap items-center gap-2">
                {one.kind === null ? (
                  <Digest value={one.digest} />
                ) : (
                  <Digest
                    value={one.digest}
                    href={`/images/${repositoryId}/${one.digest}`}
                  />
                )}
                {!one.isThere && (
                  <Chip tone={one.kind === null ? 'idle' : 'bad'}>
                    {one.kind === null ? 'not read' : 'gone'}
                  </Chip>
                )}
              </span>
            </Td>
            <Td label={isAbout ? 'Of' : 'Tags'}>
              {isAbout ? (
                (one.platform ?? 'the whole')
              ) : (
                <TagChips tags={one.tags} />
              )}
            </Td>
            <Td label="Size" isNumeric>
              {one.sizeBytes === null ? '–' : formatBytes(one.sizeBytes)}
            </Td>
          </Tr>
        ))}
      </TBody>
    </Table>
  );
}
