'use client';
import { useId, useMemo, useState } from 'react';
import { CodeEditor } from '@/components/code/code-editor';
import { differingFields, hasMore } from '@/components/code/code-side';
import { ProblemList } from '@/components/code/problem-list';
import { UnkeptNotice } from '@/components/code/unkept-notice';
import { useCodeSide } from '@/components/code/use-code-side';
import { Notice } from '@/components/ui/notice';
import { Tabs } from '@/components/ui/tabs';
import { printFlyte2 } from '@/lib/imagespec/code/print-flyte2';
import type { ImageSpec, SpecFiles } from '@/lib/imagespec/schema';

/**
 * The form's spec as code. What is typed reaches the form by `onSpec` once it is a whole spec; what changes in the form
 * is printed anew here. `spec` is null while the form holds a fault, and the code then stays as it was.
 */
export function CodeView({
  spec,
  files,
  onSpec,
  isReadOnly = false,
}: {
  spec: ImageSpec | null;
  /** Texts of the files that the spec names: the code names only their paths. */
  files: SpecFiles;
  onSpec: (spec: ImageSpec) => void;
  isReadOnly?: boolean;
}) {
  const python = useCodeSide('python', spec, onSpec);
  const yaml = useCodeSide('yaml', spec, onSpec);
  const shared = { hasForm: spec !== null, files, isReadOnly };
  return (
    <Tabs
      label="Code"
      tabs={[
        {
          id: 'python',
          label: 'Python',
          content: <SideEditor {...shared} code={python} label="Python code" />,
        },
        {
          id: 'yaml',
          label: 'YAML',
          content: <SideEditor {...shared} code={yaml} label="YAML code" />,
        },
        {
          id: 'flyte2',
          label: 'Flyte 2',
          content: (
            <Flyte2 spec={spec ?? python.side.spec ?? python.side.seen} />
          ),
        },
      ]}
    />
  );
}

function SideEditor({
  code,
  label,
  hasForm,
  files,
  isReadOnly,
}: {
  code: ReturnType<typeof useCodeSide>;
  label: string;
  hasForm: boolean;
  files: SpecFiles;
  isReadOnly: boolean;
}) {
  const hint = useId();
  const [jump, setJump] = useState<{ line: number } | null>(null);
  const { side, text, waiting } = code;
  const missing = missingFile(side.spec, files);
  return (
    <div className="grid gap-2">
      <CodeEditor
        value={text}
        language={side.language}
        label={label}
        problems={side.problems}
        jump={jump}
        isReadOnly={isReadOnly}
        onChange={code.change}
        onFocus={code.onFocus}
        onBlur={code.onBlur}
        describedBy={hint}
      />
      <div className="flex flex-wrap justify-between gap-x-4 text-xs text-ink-3">
        <span role="status">{isReadOnly ? '' : state(code)}</span>
        <span id={hint}>
          {isReadOnly
            ? 'To read only.'
            : 'Tab indents. Escape, then Tab, leaves the editor.'}
        </span>
      </div>
      {side.problems.length > 0 && (
        <ProblemList
          problems={side.problems}
          onJump={(line) => setJump({ line })}
          onFix={
            isReadOnly || code.isReading
              ? undefined
              : ({ fix }) => {
                  if (fix)
                    code.read(
                      text.slice(0, fix.from) + fix.insert + text.slice(fix.to),
                    );
                }
          }
        />
      )}
      {!hasForm && !isReadOnly && (
        <Notice tone="warn" title="The form holds a fault">
          Correct it there, and the code follows. A whole spec written here
          takes its place.
        </Notice>
      )}
      {waiting && side.spec && (
        <Notice tone="warn" title="The form takes this differently">
          It holds other values for{' '}
          {differingFields(side.spec, waiting).join(', ')}. The code follows
          when you leave it.
        </Notice>
      )}
      {missing !== null && (
        <Notice title={`The text of ${missing} is not part of the code`}>
          Add it in the form: the tag depends on it.
        </Notice>
      )}
      <UnkeptNotice
        title="YAML cannot hold all of it; these stay as they are in the form"
        unkept={side.unkept}
      />
      {!isReadOnly && hasMore(side) && (
        <p className="text-xs text-ink-3">
          Only the fields of the spec are saved. Comments, other code and the
          layout are gone once the form changes.
        </p>
      )}
    </div>
  );
}

function state({ side, isReading }: ReturnType<typeof useCodeSide>): string {
  if (isReading) return 'Reading…';
  const errors = side.problems.filter(
    ({ severity }) => severity === 'error',
  ).length;
  if (errors === 0) return side.spec ? 'In step with the form.' : '';
  const count = errors === 1 ? 'One error' : `${errors} errors`;
  return `${count}: the form keeps what it had.`;
}

function missingFile(spec: ImageSpec | null, files: SpecFiles): string | null {
  const path = spec?.requirements ?? '';
  return path !== '' && !Object.hasOwn(files, path) ? path : null;
}

function Flyte2({ spec }: { spec: ImageSpec | null }) {
  const code = useMemo(() => (spec ? printFlyte2(spec) : null), [spec]);
  if (!code) return <Notice title="There is no whole spec yet" />;
  return (
    <div className="grid gap-2">
      <CodeEditor
        value={code.text}
        language="python"
        label="Flyte 2 code"
        isReadOnly
      />
      <UnkeptNotice
        title="Flyte 2 has nothing for these, or something else"
        unkept={code.unkept}
      />
    </div>
  );
}
