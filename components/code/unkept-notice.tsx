import { Notice } from '@/components/ui/notice';
import type { Unkept } from '@/lib/imagespec/code/problem';

/** What a language or system cannot hold of a spec, field by field. */
export function UnkeptNotice({
  title,
  unkept,
}: {
  title: string;
  unkept: readonly Unkept[];
}) {
  if (unkept.length === 0) return null;
  return (
    <Notice title={title}>
      <ul className="grid gap-1">
        {unkept.map(({ field, reason }, index) => (
          <li key={index}>
            <code className="font-semibold">{field}</code>: {reason}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
