import type { Diagnostic } from '@codemirror/lint';
import type { Text } from '@codemirror/state';
import type { CodeProblem } from '@/lib/imagespec/code/problem';

/** Problems as marks of the editor: the text of their line underlined, a sign beside it, a fix as a button. */
export function toDiagnostics(
  problems: readonly CodeProblem[],
  document: Text,
): Diagnostic[] {
  return problems.map(({ line, message, severity, fix }): Diagnostic => {
    const at = document.line(Math.min(Math.max(1, line), document.lines));
    const indent = at.text.length - at.text.trimStart().length;
    const isStale = fix && fix.to > document.length;
    return {
      from: Math.min(at.from + indent, at.to),
      to: at.to,
      severity,
      message,
      ...(fix && !isStale
        ? {
            actions: [
              {
                name: fix.label,
                apply: (view) => {
                  const { from, to, insert } = fix;
                  view.dispatch({ changes: { from, to, insert } });
                },
              },
            ],
          }
        : {}),
    };
  });
}
