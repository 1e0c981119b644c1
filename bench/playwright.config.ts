import { defineConfig } from '@playwright/test';
import shared from '../playwright.config';

export default defineConfig({
  ...shared,
  testDir: import.meta.dirname,
  testMatch: '*.bench-page.ts',
  timeout: 3_600_000,
});
