import { expect, it } from 'vitest';
import { parseTheme } from '@/components/shell/theme-cookie';

it.each([
  ['dark', 'dark'],
  ['light', 'light'],
  ['system', 'system'],
  [undefined, 'system'],
  ['"><script>', 'system'],
])('reads the cookie %s as %s', (value, theme) => {
  expect(parseTheme(value)).toBe(theme);
});
