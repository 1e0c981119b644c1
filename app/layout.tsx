import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { Providers } from '@/app/providers';
import { parseTheme, THEME_COOKIE } from '@/components/shell/theme-cookie';
import '@/app/globals.css';

export const metadata: Metadata = {
  title: { default: 'Imageyard', template: '%s · Imageyard' },
  description:
    'Where a Flyte or Union team keeps, builds and checks its task images.',
  robots: { index: false, follow: false },
};

export const viewport: Viewport = { colorScheme: 'light dark' };

// Once a request: the browser hydrates with the same instant.
const now = () => Date.now();

export default async function RootLayout({
  children,
}: {
  children: ReactNode;
}) {
  const theme = parseTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <html lang="en" data-theme={theme === 'system' ? undefined : theme}>
      <body>
        <Providers theme={theme} renderedAt={now()}>
          <div className="isolate">{children}</div>
        </Providers>
      </body>
    </html>
  );
}
