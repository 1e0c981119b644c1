import { Download } from 'lucide-react';
import { toPlainText } from '@/components/builds/log-text';
import type { OpenLog } from '@/components/builds/use-build-log';
import { ButtonLink } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import type { StepView } from '@/lib/build/views';
import { logUrl } from '@/lib/queries/builds';

/** More is for the download. */
const COPY_LINES = 20_000;

/** Takes away all one step printed: to the clipboard, or as a file. */
export function StepCopy({
  open: { buildId, log, reader },
  step,
  total,
}: {
  open: OpenLog;
  step: StepView;
  total: number;
}) {
  return (
    <div className="absolute top-1 right-3 flex rounded-md bg-log">
      {total <= COPY_LINES && (
        <CopyButton
          label="the output of this step"
          text={async () =>
            toPlainText(await reader.range(step.key, 0, total - 1))
          }
        />
      )}
      <ButtonLink
        href={logUrl(buildId, log.attempt, step.key)}
        download
        prefetch={false}
        variant="ghost"
        size="sm"
        aria-label="Download the output of this step"
        title="Download the output of this step"
        icon={<Download aria-hidden />}
      />
    </div>
  );
}
