import { describe, expect, it } from 'vitest';
import { copyPath, jsonForm, quoteEnv, shellWord } from './dockerfile-quote';

describe('quoteEnv', () => {
  it.each([
    ['', '""'],
    ['a b', '"a b"'],
    ['"', '"\\""'],
    ['\\', '"\\\\"'],
    ['$A ${B} ${C:-d e} ${F:+g}', '"$A ${B} ${C:-d e} ${F:+g}"'],
    ['\\$A', '"\\$A"'],
    ['$', '"\\$"'],
    ['$$A', '"\\$$A"'],
    ['$1', '"\\$1"'],
    ['${A', '"\\${A"'],
    ['${A:-$B}', '"\\${A:-$B}"'],
    ['${A:?x}', '"\\${A:?x}"'],
    ['${}', '"\\${}"'],
  ])('%s', (value, expected) => {
    expect(quoteEnv(value)).toBe(expected);
  });
});

describe('shellWord', () => {
  it.each([
    ['g++', 'g++'],
    ['a=1:2.*', "'a=1:2.*'"],
    ["it's", "'it'\\''s'"],
    ['', "''"],
  ])('%s', (word, expected) => {
    expect(shellWord(word)).toBe(expected);
  });
});

describe('jsonForm', () => {
  it.each([
    [[], '[]'],
    [['a', 'b c'], '["a", "b c"]'],
    [['"', '\\', '\n', 'é\u2028'], '["\\"", "\\\\", "\\n", "é\u2028"]'],
  ])('%j', (words, expected) => {
    expect(jsonForm(words)).toBe(expected);
  });

  it('takes a line for each word when it is long', () => {
    expect(jsonForm(['a'.repeat(200), 'b'])).toMatch(/^\["a+", \\\n {4}"b"\]$/);
  });
});

describe('copyPath', () => {
  it.each([
    ['copy/a b', 'copy/a b', 'copy/a b'],
    ['*?[x]', '[*][?][[]x]', '*?[x]'],
    [`"it's" $HOME`, `\\"it\\'s\\" \\$HOME`, `\\"it\\'s\\" \\$HOME`],
  ])('%s', (path, source, target) => {
    expect(copyPath(path, 'source')).toBe(source);
    expect(copyPath(path, 'target')).toBe(target);
  });
});
