import { isFieldName, type FieldName } from '@/lib/imagespec/fields';
import { constructorFault } from '@/lib/imagespec/flytekit-rules';
import { isBefore, type Release } from '@/lib/imagespec/releases/release';
import type { PyValue } from '@/lib/imagespec/python-value';
import { SOURCE_COPY_MODES } from '@/lib/imagespec/schema';
import { copyMode, fieldsDict, type FlytekitFields } from '@/lib/imagespec/tag';
import { chainField } from '@/lib/imagespec/with-chain';
import { entriesOf, get, items, textOf } from './ordered-json';
import { extendInRelease } from './vector-chain';

/** The spec that a vector's kwargs stand for, or why Python raises before there is one. */
export type WrittenSpec =
  | { ok: true; fields: FlytekitFields; isArm64: boolean }
  | { ok: false; fault: string };

/** The first release that has the method. */
const METHOD_SINCE: Partial<Record<FieldName, Release>> = {
  copy: '1.13.6',
  runtime_packages: '1.15.4',
  builder_options: '1.15.4',
};

/** Reads kwargs and the chain of methods behind them, as that release's Python would run them. */
export function readSpec(kwargs: PyValue, release: Release): WrittenSpec {
  const unknown = entriesOf(kwargs).find(
    ([name]) => !isFieldName(name) && !name.startsWith('__'),
  );
  if (unknown) return { ok: false, fault: `${unknown[0]} is no field.` };
  let fields = fieldsOf(kwargs);
  const calls = items(get(kwargs, '__with__'));
  // The spec that the first method is called on is constructed, too.
  const fault = calls.length > 0 && constructorFault(fields, release);
  if (fault) return { ok: false, fault: fault.message };
  for (const call of calls) {
    const [name, args] = items(call);
    const method = textOf(name) ?? '';
    if (method === 'force_push' && !isBefore(release, '1.12.0')) continue;
    const field = chainField(method);
    const [value] = items(args);
    const since = (field && METHOD_SINCE[field]) ?? '1.10.3';
    if (!field || !value || isBefore(release, since)) {
      return { ok: false, fault: `There is no ${method}().` };
    }
    const extended = extendInRelease(release, fields, field, value);
    if (!extended) return { ok: false, fault: `${method}() does not fit.` };
    fields = extended;
  }
  const machine = textOf(get(kwargs, '__machine__'))?.toLowerCase() ?? '';
  return { ok: true, fields, isArm64: /^(?:arm64|aarch64)$/.test(machine) };
}

function fieldsOf(kwargs: PyValue): FlytekitFields {
  const mounts = get(kwargs, '__raw_mounts__');
  const isRaw = mounts?.type === 'bool' && mounts.value;
  return Object.fromEntries(
    entriesOf(kwargs).flatMap(([name, value]) =>
      isFieldName(name) ? [[name, toField(name, value, isRaw)]] : [],
    ),
  );
}

function toField(field: FieldName, value: PyValue, isRaw: boolean): PyValue {
  if (field === 'source_copy_mode') {
    const member = SOURCE_COPY_MODES.find((mode) => mode === textOf(value));
    return member ? copyMode(member) : value;
  }
  if (field === 'base_image' && value.type === 'dict') {
    return fieldsDict(fieldsOf(value));
  }
  if (field === 'pip_secret_mounts' && !isRaw && value.type === 'list') {
    return { ...value, items: value.items.map(toTuple) };
  }
  return value;
}

function toTuple(value: PyValue): PyValue {
  return value.type === 'list' ? { ...value, type: 'tuple' } : value;
}
