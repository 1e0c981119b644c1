import { TextLink } from '@/components/ui/link';
import type { BuildLink } from '@/lib/build/views';

/** A build by its number. */
export function BuildNumberLink({
  build: { id, number },
}: {
  build: BuildLink;
}) {
  return <TextLink href={`/builds/${id}`}>#{number}</TextLink>;
}
