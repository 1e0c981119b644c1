import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = import.meta.dirname;
const pages = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (file) => path.basename(file) === 'page.tsx',
);
const read = (page: string) => readFileSync(path.join(root, page), 'utf8');

it.each(pages.filter((page) => page.includes('[')))(
  '%s has a title with the name of what it shows',
  (page) => {
    expect(read(page)).toContain('export async function generateMetadata');
    expect(read(page)).not.toContain('export const metadata');
  },
);

it('finds the pages', () => {
  expect(pages).toContain('(app)/images/[repositoryId]/[digest]/page.tsx');
});
