import { Chip } from '@/components/ui/chip';
import { Digest } from '@/components/ui/digest';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import type { ImageView } from '@/lib/registry/views';

/** Every move of a tag to or away from this digest that was seen. */
export function TagHistory({ image }: { image: ImageView }) {
  return (
    <Table label="Tag history">
      <THead>
        <Th>Tag</Th>
        <Th>From</Th>
        <Th>To</Th>
        <Th isNumeric>Seen</Th>
      </THead>
      <TBody>
        {image.tagMoves.map((move) => (
          <Tr key={`${move.tag}${move.seenAt}`}>
            <Td>
              <Chip look="hollow" isMono>
                {move.tag}
              </Chip>
            </Td>
            <Td>
              <End digest={move.from} image={image} />
            </Td>
            <Td>
              <End digest={move.to} image={image} />
            </Td>
            <Td isNumeric className="text-ink-2">
              <Time at={move.seenAt} />
            </Td>
          </Tr>
        ))}
      </TBody>
    </Table>
  );
}

function End({ digest, image }: { digest: string | null; image: ImageView }) {
  if (digest === null) return <span className="text-ink-3">nothing</span>;
  if (digest === image.digest) return <span>this image</span>;
  return (
    <Digest value={digest} href={`/images/${image.repositoryId}/${digest}`} />
  );
}
