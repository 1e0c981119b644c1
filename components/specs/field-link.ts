import type { FieldName } from '@/lib/imagespec/fields';
import type { SpecDraft } from '@/components/specs/spec-draft';

/** What the editor calls a field where its control is another's. */
const CONTROLS: Partial<Record<FieldName, keyof SpecDraft>> = {
  registry: 'registryId',
  requirements: 'requirementsText',
  source_root: 'archive',
  builder_config: 'uv_image',
};

/** A field of a spec, and the entry in it that is meant. */
type Place = { field: FieldName; entry: { text: string } | null };

/** The address of the editor at that field, with the entry's line selected. */
export function fieldHref(specId: string, { field, entry }: Place): string {
  const place = new URLSearchParams({
    field: CONTROLS[field] ?? field,
    ...(entry ? { line: entry.text } : {}),
  });
  return `/specs/${specId}/edit#${place.toString()}`;
}

/** What such an address points at. `null` when it points at no field. */
export function readFieldLink(
  hash: string,
): { field: string; line: string | null } | null {
  const place = new URLSearchParams(hash.slice(1));
  const field = place.get('field');
  return field === null ? null : { field, line: place.get('line') };
}

/** Where a line stands in a text, as start and end; `null` when it is there no more. */
export function findLine(text: string, line: string): [number, number] | null {
  let from = 0;
  for (const each of text.split('\n')) {
    if (each.trim() === line.trim()) return [from, from + each.length];
    from += each.length + 1;
  }
  return null;
}
