'use client';
import { lazy, Suspense, useSyncExternalStore } from 'react';
import type { Language } from '@/components/code/code-side';
import { cn } from '@/components/ui/cn';
import { CopyButton } from '@/components/ui/copy-button';
import type { CodeProblem } from '@/lib/imagespec/code/problem';

export type CodeEditorProps = {
  value: string;
  language: Language;
  /** What the text is, for the copy button and screen readers: "Python code". */
  label: string;
  onChange?: (text: string) => void;
  onFocus?: () => void;
  onBlur?: () => void;
  /** Marked at their lines. */
  problems?: readonly CodeProblem[];
  /** A new object moves the cursor there. */
  jump?: { line: number } | null;
  isReadOnly?: boolean;
  /** The id of a text that says how to leave the editor. */
  describedBy?: string;
};

// The editor is as large as a page of its own; pages without one do not pay for it.
const CodeMirror = lazy(() => import('@/components/code/codemirror'));
const never = () => () => undefined;

/**
 * Text to read and write as code: line numbers, colours, problems at their lines. Tab indents; Escape and then Tab leaves.
 * Controlled: a `value` from outside takes the place of the text, and is not told back.
 */
export function CodeEditor({
  className,
  ...props
}: CodeEditorProps & { className?: string }) {
  const isBrowser = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  const plain = <PlainText {...props} />;
  return (
    <div className={cn('relative min-w-0 rounded-md border bg-log', className)}>
      {isBrowser ? (
        <Suspense fallback={plain}>
          <CodeMirror
            key={`${props.language} ${props.isReadOnly === true}`}
            {...props}
          />
        </Suspense>
      ) : (
        plain
      )}
      <div className="absolute top-1.5 right-1.5 rounded-md bg-log">
        <CopyButton text={props.value} label={props.label} />
      </div>
    </div>
  );
}

/** The same text in the same place until the editor is there. */
function PlainText({ value, label }: CodeEditorProps) {
  const lines = value.split('\n');
  return (
    <pre
      aria-label={label}
      tabIndex={0}
      className="max-h-[min(60vh,36rem)] min-h-[9.5rem] overflow-auto py-2 text-xs"
    >
      {lines.map((line, index) => (
        <span
          key={index}
          className="block min-h-[1.125rem] pl-14 whitespace-pre"
        >
          {line}
        </span>
      ))}
    </pre>
  );
}
