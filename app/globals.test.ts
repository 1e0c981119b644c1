import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const css = readFileSync(path.join(import.meta.dirname, 'globals.css'), 'utf8');

/** Every token that is one plain colour per theme. */
const colours = new Map(
  [...css.matchAll(/--color-([\w-]+): light-dark\((#\w{6}), (#\w{6})\);/g)].map(
    ([, name = '', light = '', dark = '']) => [name, { light, dark }],
  ),
);

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) =>
      part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
    );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(text: string, ground: string): number {
  const [one, other] = [luminance(text), luminance(ground)];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

const SURFACES = ['bg', 'panel', 'sunken', 'hover', 'active', 'popup', 'log'];
const TEXTS = ['ink', 'ink-2', 'ink-3', 'accent', 'run', 'good', 'warn', 'bad'];
const HUES = ['run', 'good', 'warn', 'bad', 'accent'];
const ANSI = [...colours.keys()].filter((name) => name.startsWith('ansi-'));

const PAIRS: [string, string][] = [
  ...TEXTS.flatMap((text) =>
    SURFACES.map((ground): [string, string] => [text, ground]),
  ),
  ...HUES.map((hue): [string, string] => [hue, `${hue}-soft`]),
  ...HUES.flatMap((hue): [string, string][] => [
    ['ink', `${hue}-soft`],
    ['ink-2', `${hue}-soft`],
  ]),
  ['ink-2', 'idle-soft'],
  ['accent-ink', 'accent'],
  ['accent-ink', 'accent-hover'],
  ['bad-ink', 'bad'],
  ['bad-ink', 'bad-hover'],
  ['panel', 'ink-2'],
  ...ANSI.map((hue): [string, string] => [hue, 'log']),
  ...['log-hit', 'log-selected'].flatMap((ground): [string, string][] => [
    ['ink', ground],
    ['ink-2', ground],
    ['bad', ground],
  ]),
];

it('finds the eight hues of a terminal, so that the pairs below are not empty', () => {
  expect(ANSI).toHaveLength(8);
});

// WCAG 2.2 §1.4.3 asks for 4.5:1 for text of this size.
it.each(PAIRS)('reads %s on %s in both themes', (text, ground) => {
  const ink = colours.get(text);
  const paper = colours.get(ground);
  if (!ink || !paper)
    throw new Error(`There is no token ${text} or ${ground}.`);
  expect(contrast(ink.light, paper.light)).toBeGreaterThanOrEqual(4.5);
  expect(contrast(ink.dark, paper.dark)).toBeGreaterThanOrEqual(4.5);
});
