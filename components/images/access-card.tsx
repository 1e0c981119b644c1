'use client';
import { Globe } from 'lucide-react';
import { AccessEvidence } from '@/components/images/access-evidence';
import { VerdictChip } from '@/components/images/verdict-chip';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { CodeBlock } from '@/components/ui/code-block';
import { ErrorNotice } from '@/components/ui/error-notice';
import { ExternalLink } from '@/components/ui/link';
import { Spinner } from '@/components/ui/spinner';
import { Time } from '@/components/ui/time';
import { errorView } from '@/lib/queries/fetch-json';
import { useCheckAccess } from '@/lib/queries/images';
import { judgeAccess } from '@/lib/registry/access';
import { type VerdictView, verdictView } from '@/lib/registry/access-view';
import type { Guide as PublishGuide } from '@/lib/registry/kinds/kind';
import { parseReference } from '@/lib/registry/reference';
import type { ImageQuestion } from '@/lib/registry/forms';
import type { AccessView } from '@/lib/registry/views';

const TONES = {
  good: 'good',
  warning: 'warn',
  bad: 'bad',
  neutral: 'plain',
} as const;

/** Can anyone pull this image? The verdict, why, what to do, and "check again". */
export function AccessCard({
  question,
  access,
}: {
  question: ImageQuestion;
  access: AccessView | null;
}) {
  const check = useCheckAccess();
  const shown = check.data ?? access;
  const view = shown ? toView(shown) : null;
  return (
    <Card
      tone={view ? TONES[view.tone] : 'plain'}
      icon={<Globe />}
      title="Can anyone pull it?"
      actions={
        <Button
          size="sm"
          isPending={check.isPending}
          onClick={() => check.mutate(question)}
        >
          {shown ? 'Check again' : 'Check now'}
        </Button>
      }
    >
      <div className="grid gap-2" aria-live="polite">
        {view && shown ? (
          <Verdict view={view} access={shown} />
        ) : (
          <p className="flex items-center gap-2 text-ink-2">
            <Spinner /> Nobody has looked yet. A check runs by itself after each
            push.
          </p>
        )}
        {check.error && <ErrorNotice error={errorView(check.error)} />}
      </div>
    </Card>
  );
}

function toView(access: AccessView): VerdictView {
  const { evidence } = access;
  const reference =
    evidence.referenceFault === null
      ? parseReference(evidence.reference)
      : null;
  return verdictView(judgeAccess(evidence), reference, access.platform);
}

function Verdict({ view, access }: { view: VerdictView; access: AccessView }) {
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <VerdictChip verdict={access.verdict} />
        <b>{view.title}</b>
      </div>
      <p className="wrap-anywhere text-ink-2">{view.explanation}</p>
      {view.advice.length > 0 && (
        <ul className="list-disc pl-4">
          {view.advice.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      {view.guide && <Guide guide={view.guide} />}
      <p className="text-xs text-ink-3">
        Looked from this server, for {access.platform},{' '}
        <Time at={access.checkedAt} />.
        {access.isStale &&
          ' A newer look was turned away by a rate limit; this is the answer before it.'}
      </p>
      <AccessEvidence evidence={access.evidence} />
    </>
  );
}

function Guide({ guide }: { guide: PublishGuide }) {
  return (
    <div className="grid gap-2">
      <ol className="list-decimal pl-4">
        {guide.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      {guide.commands.map((command) => (
        <CodeBlock key={command} text={command} label="Command" />
      ))}
      {guide.links.length > 0 && (
        <p className="flex flex-wrap gap-3">
          {guide.links.map(({ label, url }) => (
            <ExternalLink key={url} href={url}>
              {label}
            </ExternalLink>
          ))}
        </p>
      )}
    </div>
  );
}
