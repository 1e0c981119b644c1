import { Search } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Input } from '@/components/ui/input';
import { TextLink } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import type { FoundRevisionView } from '@/lib/imagespec/views';

/** Asks for a tag, or for a whole image reference as it stands in a log. */
export function TagSearch({ asked }: { asked: string }) {
  return (
    <form action="/specs/find" className="flex flex-wrap items-center gap-2">
      <div className="min-w-0 flex-[1_1_20rem]">
        <Input
          name="q"
          isMono
          defaultValue={asked}
          aria-label="Tag or image reference"
          placeholder="ghcr.io/acme/train:zK5b6Eix3ZlE83_W7enujA"
          autoFocus={asked === ''}
        />
      </div>
      <Button type="submit" icon={<Search aria-hidden />}>
        Find
      </Button>
    </form>
  );
}

export function FoundRevisions({ found }: { found: FoundRevisionView[] }) {
  if (found.length === 0)
    return (
      <Notice title="No revision here has this tag.">
        Another flytekit release may have computed it: each spec shows the tag
        of every release under “Lint and tags”.
      </Notice>
    );
  return (
    <Table label="Revisions with this tag" narrow="stack">
      <THead>
        <Th>Revision</Th>
        <Th>Image</Th>
        <Th isNumeric>Saved</Th>
      </THead>
      <TBody>
        {found.map((revision) => (
          <Tr key={`${revision.specId}/${revision.number}`}>
            <Td label="Revision">
              <TextLink
                href={`/specs/${revision.specId}/revisions/${revision.number}`}
              >
                {revision.specName}, revision {revision.number}
              </TextLink>
            </Td>
            <Td label="Image">
              <span className="font-mono text-xs break-all">
                {revision.image}
              </span>
            </Td>
            <Td label="Saved" isNumeric className="text-ink-2">
              <Time at={revision.createdAt} />
              {revision.author && ` by ${revision.author}`}
            </Td>
          </Tr>
        ))}
      </TBody>
    </Table>
  );
}
