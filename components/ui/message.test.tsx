import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { Message, plainMessage } from '@/components/ui/message';

const code = (text: string) =>
  renderToStaticMarkup(<Message text={text} />).replaceAll(
    / class="[^"]*"/g,
    '',
  );

it.each([
  ['Try again.', 'Try again.'],
  [
    'Run `npm run worker`, then `x`.',
    'Run <code>npm run worker</code>, then <code>x</code>.',
  ],
  ['`x` is not set here.', '<code>x</code> is not set here.'],
])('shows code as code: %s', (text, html) => {
  expect(code(text)).toBe(html);
});

it('drops the marks in plain text', () => {
  expect(plainMessage('`x` is not set in `y.py`.')).toBe(
    'x is not set in y.py.',
  );
});
