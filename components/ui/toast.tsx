'use client';
import { Toast } from '@base-ui/react/toast';
import { CircleAlert, X } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { plainMessage } from '@/components/ui/message';
import { errorView } from '@/lib/queries/fetch-json';

const manager = Toast.createToastManager();

/** Tells of a failure that has no place of its own on the page. Everything else belongs where it happened. */
export function showFailure(error: unknown): void {
  const view = errorView(error);
  manager.add({
    title: plainMessage(view.message),
    description: `${plainMessage(view.hint)} ${view.code}`,
    priority: 'high',
    timeout: 12_000,
  });
}

function ToastList() {
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      className="mt-2 w-full rounded-lg border border-line-strong bg-popup shadow-popup transition-[opacity,transform] data-ending-style:opacity-0 data-limited:hidden data-starting-style:translate-y-2 data-starting-style:opacity-0"
    >
      <Toast.Content className="flex items-start gap-2.5 py-2 pr-1.5 pl-3">
        <CircleAlert
          aria-hidden
          className="mt-[3px] size-3.5 shrink-0 text-bad"
        />
        <div className="min-w-0 flex-1">
          <Toast.Title className="font-semibold break-words" />
          <Toast.Description className="break-words text-ink-2" />
        </div>
        <Toast.Close
          render={
            <Button
              variant="ghost"
              size="sm"
              icon={<X aria-hidden />}
              aria-label="Dismiss"
            />
          }
        />
      </Toast.Content>
    </Toast.Root>
  ));
}

/** Where `showFailure` speaks. Stands in the root layout. */
export function Toasts() {
  return (
    <Toast.Provider toastManager={manager} limit={3}>
      <Toast.Portal>
        <Toast.Viewport className="fixed right-4 bottom-4 z-50 flex w-[min(24rem,calc(100vw-2rem))] flex-col outline-none">
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}
