'use client';
import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { ThemeProvider } from '@/components/shell/theme';
import type { Theme } from '@/components/shell/theme-cookie';
import { ClockProvider } from '@/components/ui/clock';
import { Toasts } from '@/components/ui/toast';
import { TooltipProvider } from '@/components/ui/tooltip';
import { makeQueryClient } from '@/lib/queries/query-client';

export function Providers({
  theme,
  renderedAt,
  children,
}: {
  theme: Theme;
  renderedAt: number;
  children: ReactNode;
}) {
  const [queryClient] = useState(makeQueryClient);
  return (
    <QueryClientProvider client={queryClient}>
      <ClockProvider renderedAt={renderedAt}>
        <ThemeProvider initial={theme}>
          <TooltipProvider delay={300}>{children}</TooltipProvider>
          <Toasts />
        </ThemeProvider>
      </ClockProvider>
    </QueryClientProvider>
  );
}
