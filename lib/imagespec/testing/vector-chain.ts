import type { FieldName } from '@/lib/imagespec/fields';
import {
  isTruthy,
  pyList,
  pyNone,
  type PyValue,
} from '@/lib/imagespec/python-value';
import { isBefore, type Release } from '@/lib/imagespec/releases/release';
import type { FlytekitFields } from '@/lib/imagespec/tag';
import { extendField } from '@/lib/imagespec/with-chain';

/**
 * The fields after `spec.with_…(value)` in a release, whatever the value is. Undefined where the release raises. Until
 * 1.13.4 a value that is no list is appended; until 1.15.3 an empty field is taken for an empty list.
 */
export function extendInRelease(
  release: Release,
  fields: FlytekitFields,
  field: FieldName,
  value: PyValue,
): FlytekitFields | undefined {
  if (isBefore(release, '1.13.5')) {
    const added: PyValue =
      value.type === 'list' ? value : { type: 'list', items: [value] };
    return extendField(fields, field, added);
  }
  const current = fields[field] ?? pyNone;
  const isOld = isBefore(release, '1.15.4');
  const isEmpty = isOld ? !isTruthy(current) : current.type === 'none';
  const start = isEmpty ? { ...fields, [field]: pyNone } : fields;
  if (value.type === 'str' || value.type === 'list') {
    return extendField(start, field, value);
  }
  if (value.type === 'dict' && !isOld) return extendField(start, field, value);
  return isEmpty ? { ...fields, [field]: pyList([]) } : fields;
}
