import { describe, expect, it } from 'vitest';
import { pyRepr, reprFloat, reprString } from './python-repr';
import { isTruthy, pyDict, pyNone, pyStr, type PyValue } from './python-value';

describe('reprString', () => {
  it.each([
    ['', "''"],
    ["it's", '"it\'s"'],
    ['"', "'\"'"],
    [`a' b"`, `'a\\' b"'`],
    ['a\\b', "'a\\\\b'"],
    ['\t\n\r\0\x7f', "'\\t\\n\\r\\x00\\x7f'"],
    ['é日🚀', "'é日🚀'"],
    ['\xa0\xad\x85', "'\\xa0\\xad\\x85'"],
    ['\u200b\u2028\ue000\ufeff', "'\\u200b\\u2028\\ue000\\ufeff'"],
    ['\u{e0041}', "'\\U000e0041'"],
    ['\ud800', "'\\ud800'"],
    [' ', "' '"],
  ])('%j', (text, expected) => {
    expect(reprString(text)).toBe(expected);
  });
});

describe('reprFloat', () => {
  it.each([
    [1, '1.0'],
    [-0, '-0.0'],
    [3.1, '3.1'],
    [0.1 + 0.2, '0.30000000000000004'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [0.000015, '1.5e-05'],
    [123456789012345680, '1.2345678901234568e+17'],
    [1e15, '1000000000000000.0'],
    [1e16, '1e+16'],
    [1e22, '1e+22'],
    [-2.5e-300, '-2.5e-300'],
    [5e-324, '5e-324'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [Infinity, 'inf'],
    [-Infinity, '-inf'],
    [NaN, 'nan'],
  ])('%d', (value, expected) => {
    expect(reprFloat(value)).toBe(expected);
  });
});

describe('pyRepr', () => {
  it('keeps the order of numeric keys', () => {
    expect(
      pyRepr(
        pyDict([
          ['10', 'a'],
          ['9', 'b'],
        ]),
      ),
    ).toBe("{'10': 'a', '9': 'b'}");
  });

  it.each<[PyValue, string]>([
    [{ type: 'tuple', items: [] }, '()'],
    [{ type: 'tuple', items: [pyStr('a')] }, "('a',)"],
    [{ type: 'tuple', items: [pyNone, pyNone] }, '(None, None)'],
    [{ type: 'int', text: '12345678901234567890' }, '12345678901234567890'],
    [{ type: 'list', items: [{ type: 'bool', value: true }] }, '[True]'],
    [{ type: 'enum', repr: '<X.A: 1>' }, '<X.A: 1>'],
  ])('%j', (value, expected) => {
    expect(pyRepr(value)).toBe(expected);
  });
});

describe('isTruthy', () => {
  it.each<[PyValue, boolean]>([
    [pyNone, false],
    [pyStr(''), false],
    [pyStr('0'), true],
    [{ type: 'int', text: '-0' }, false],
    [{ type: 'float', value: -0 }, false],
    [{ type: 'list', items: [] }, false],
    [pyDict([['a', '']]), true],
  ])('%j is %s', (value, expected) => {
    expect(isTruthy(value)).toBe(expected);
  });
});
