import { SpecError } from './errors';
import { reprString } from './python-repr';

/**
 * Applies a `tag_format` as Python's `str.format(spec_hash=…)` does: `{{`, `}}`, an index, the conversions `!s !r !a`,
 * fill, alignment, width and precision, and fields within the format. Throws `SPEC_INVALID` where Python would raise,
 * and for attributes, which no tag can need. The result is not checked to be a valid tag.
 *
 * @example formatTag('{spec_hash:.8}-gpu', 'zK5b6Eix3ZlE83_W7enujA') // 'zK5b6Eix-gpu'
 */
export function formatTag(pattern: string, specHash: string): string {
  return format(pattern, specHash, MAX_NESTED);
}

const MAX_NESTED = 2;
const SAMPLE = 'zK5b6Eix3ZlE83_W7enujA';

/** A pattern that flytekit can format and whose tag a registry takes. */
export function tagFormatRule(pattern: string): string | undefined {
  if (pattern === '') return undefined;
  try {
    const tag = formatTag(pattern, SAMPLE);
    return /^\w[\w.-]{0,127}$/.test(tag)
      ? undefined
      : 'The tag it makes is none a registry takes: use letters, digits and . _ - and at most 128 of them.';
  } catch (error) {
    if (error instanceof SpecError) return error.message;
    throw error;
  }
}

function format(pattern: string, specHash: string, depth: number): string {
  if (depth === 0) throw invalid('fields within fields within fields');
  let out = '';
  let rest = pattern;
  while (rest !== '') {
    const brace = rest.search(/[{}]/);
    if (brace === -1) return out + rest;
    out += rest.slice(0, brace);
    const char = rest.charAt(brace);
    if (rest.charAt(brace + 1) === char) {
      out += char;
      rest = rest.slice(brace + 2);
      continue;
    }
    if (char === '}') throw invalid('a single “}”; write “}}”');
    const end = closingBrace(rest, brace);
    if (end === -1) throw invalid('a “{” that is never closed');
    out += formatField(rest.slice(brace + 1, end), specHash, depth);
    rest = rest.slice(end + 1);
  }
  return out;
}

/** Where the field that opens at `start` closes; the fields within it count, brackets do not. */
function closingBrace(text: string, start: number): number {
  let open = 0;
  for (let at = start; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '{') open += 1;
    if (char === '}') open -= 1;
    if (open === 0) return at;
  }
  return -1;
}

function formatField(field: string, specHash: string, depth: number): string {
  const match = /^([^!:{[]*)((?:\[[^\]]*\])*)(?:!([^:]*))?(?::(.*))?$/su.exec(
    field,
  );
  const [, name, indexes = '', conversion, spec = ''] = match ?? [];
  if (name !== 'spec_hash') {
    throw invalid(`{${field}}; the only field is {spec_hash}`);
  }
  const text = convert(conversion, at(indexes, specHash));
  return align(
    text,
    spec.includes('{') ? format(spec, specHash, depth - 1) : spec,
  );
}

/** The character at `[3]`; a further index is one into that character. */
function at(indexes: string, text: string): string {
  return [...indexes.matchAll(/\[([^\]]*)\]/g)].reduce(
    (rest, [, index = '']) => {
      const char = /^\p{Nd}{1,9}$/u.test(index)
        ? rest.charAt(decimal(index))
        : '';
      if (char === '')
        throw invalid(`the index [${index}]; the hash has none such`);
      return char;
    },
    text,
  );
}

function convert(conversion: string | undefined, text: string): string {
  // The hash is ASCII, so `ascii()` and `repr()` print it alike.
  if (conversion === 'r' || conversion === 'a') return reprString(text);
  if (conversion === undefined || conversion === 's') return text;
  throw invalid(`the conversion “!${conversion}”; Python knows !s, !r and !a`);
}

// To Python a digit is one of any script.
const FORMAT = /^(?:(.)?([<>^]))?(0)?(\p{Nd}+)?(?:\.(\p{Nd}+))?s?$/su;
// Far beyond any tag, and short of what would fill the memory.
const MAX_WIDTH = 10_000;

function align(text: string, spec: string): string {
  const match = FORMAT.exec(spec);
  if (!match) throw invalid(`the format “${spec}”`);
  const [, fill, side = '<', zero, width = '0', precision] = match;
  if (decimal(width) > MAX_WIDTH) throw invalid(`a width above ${MAX_WIDTH}`);
  const cut =
    precision === undefined ? text : text.slice(0, decimal(precision));
  const missing = Math.max(0, decimal(width) - cut.length);
  const padding = fill ?? (zero === undefined ? ' ' : '0');
  const before =
    side === '>' ? missing : side === '^' ? Math.floor(missing / 2) : 0;
  return padding.repeat(before) + cut + padding.repeat(missing - before);
}

/** Digits of any script as a number: each script has its ten in one run, zero first. */
function decimal(digits: string): number {
  let value = 0;
  for (const digit of digits) {
    const code = digit.codePointAt(0) ?? 0;
    let first = code;
    while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
    value = value * 10 + ((code - first) % 10);
  }
  return value;
}

function invalid(what: string): SpecError {
  const message = `tag_format holds ${what}.`;
  return new SpecError(message, { tag_format: message });
}
