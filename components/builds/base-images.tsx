import { Digest } from '@/components/ui/digest';
import type { BuildBase } from '@/lib/build/bases';

/** The images a build stood on, each with the digest it had then. */
export function BaseImages({ bases }: { bases: readonly BuildBase[] }) {
  return bases.map(({ reference, digest }) => (
    <span
      key={`${reference} ${digest}`}
      className="flex flex-wrap items-center gap-x-2 wrap-anywhere"
    >
      <code>{reference}</code>
      <Digest value={digest} />
    </span>
  ));
}
