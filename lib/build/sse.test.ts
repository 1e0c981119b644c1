import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeComment, encodeEvent } from '@/lib/build/sse';

/** Reads a stream the way WHATWG HTML §9.2.6 tells a browser to. */
function readAsBrowser(stream: string) {
  const events: { id: string; event: string; data: string }[] = [];
  let id = '';
  let event = '';
  let data: string[] = [];
  for (const line of stream.split(/\r\n|\n|\r/)) {
    if (line === '') {
      if (data.length > 0) events.push({ id, event, data: data.join('\n') });
      event = '';
      data = [];
      continue;
    }
    const colon = line.indexOf(':');
    if (colon === 0) continue;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'id') id = value;
    if (name === 'event') event = value;
    if (name === 'data') data.push(value);
  }
  return events;
}

describe('encodeEvent', () => {
  it.each([
    ['data alone', { data: 'a' }, 'data: a\n\n'],
    ['empty data is still an event', { data: '' }, 'data: \n\n'],
    [
      'id and name',
      { id: '1:42', event: 'lines', data: '[]' },
      'id: 1:42\nevent: lines\ndata: []\n\n',
    ],
    [
      'line feeds split the data',
      { data: 'a\nb\n' },
      'data: a\ndata: b\ndata: \n\n',
    ],
    [
      'CR and CRLF split the data too',
      { data: 'a\r\nb\rc' },
      'data: a\ndata: b\ndata: c\n\n',
    ],
    [
      'a leading space survives the one that is stripped',
      { data: ' a' },
      'data:  a\n\n',
    ],
  ])('%s', (_name, event, text) => {
    expect(encodeEvent(event)).toBe(text);
  });

  it.each(['a\nb', 'a\rb', 'a\0b'])('refuses %j as an id or a name', (text) => {
    expect(() => encodeEvent({ id: text, data: '' })).toThrow(RangeError);
    expect(() => encodeEvent({ event: text, data: '' })).toThrow(RangeError);
  });

  it('reads back as it was written, whatever the data holds', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', ':', ' ', '\n', 'ü', '😀', 'data: x'),
    });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), (all) => {
        const stream = all
          .map(
            (data, index) =>
              encodeEvent({ id: String(index), event: 'lines', data }) +
              encodeComment('ping'),
          )
          .join('');
        expect(readAsBrowser(stream)).toEqual(
          all.map((data, index) => ({
            id: String(index),
            event: 'lines',
            data,
          })),
        );
      }),
    );
  });
});

describe('encodeComment', () => {
  it('is no event', () => {
    expect(encodeComment('ping')).toBe(': ping\n\n');
    expect(readAsBrowser(encodeComment('a\ndata: b'))).toEqual([]);
  });
});
