import type { ReactNode } from 'react';
import { SideNav } from '@/components/shell/side-nav';
import { TopBar } from '@/components/shell/top-bar';

/** The frame of every signed-in page. `status` is what the top bar says about the workers. */
export function Shell({
  actor,
  status,
  children,
}: {
  actor: { name: string; email: string; teamName: string };
  status?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="grid min-h-dvh grid-cols-1 grid-rows-[2.75rem_auto_1fr] md:grid-cols-[12.25rem_minmax(0,1fr)] md:grid-rows-[2.75rem_1fr]">
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-md border bg-panel px-2.5 py-1 text-ink focus-visible:translate-y-0"
      >
        Skip to the content
      </a>
      <TopBar
        teamName={actor.teamName}
        name={actor.name}
        email={actor.email}
        status={status}
      />
      <SideNav />
      <main
        id="content"
        tabIndex={-1}
        className="w-full max-w-[77.5rem] min-w-0 px-4 py-4 outline-none md:border-l md:px-7 md:pt-5 md:pb-12"
      >
        {children}
      </main>
    </div>
  );
}
