'use client';
import {
  defaultKeymap,
  history,
  historyKeymap,
  indentWithTab,
} from '@codemirror/commands';
import { python } from '@codemirror/lang-python';
import { yaml } from '@codemirror/lang-yaml';
import {
  bracketMatching,
  indentOnInput,
  indentUnit,
} from '@codemirror/language';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { Annotation, EditorState } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { useEffect, useRef, type RefObject } from 'react';
import type { CodeEditorProps } from '@/components/code/code-editor';
import { toDiagnostics } from '@/components/code/editor-marks';
import { editorTheme } from '@/components/code/editor-theme';

/** Marks a change that comes from the outside, which is not told back to it. */
const isGiven = Annotation.define<true>();

type Events = Pick<CodeEditorProps, 'onChange' | 'onBlur' | 'onFocus'>;

function createState(
  { value, language, label, describedBy, isReadOnly = false }: CodeEditorProps,
  events: RefObject<Events>,
): EditorState {
  return EditorState.create({
    doc: value,
    extensions: [
      lineNumbers(),
      history(),
      drawSelection(),
      indentOnInput(),
      bracketMatching(),
      lintGutter(),
      language === 'python'
        ? [python(), indentUnit.of('    ')]
        : [yaml(), indentUnit.of('  ')],
      editorTheme,
      EditorState.readOnly.of(isReadOnly),
      isReadOnly
        ? EditorView.editable.of(false)
        : [highlightActiveLine(), highlightActiveLineGutter()],
      EditorView.contentAttributes.of({
        'aria-label': label,
        tabindex: '0',
        ...(describedBy ? { 'aria-describedby': describedBy } : {}),
        ...(isReadOnly
          ? {
              'aria-readonly': 'true',
              role: 'textbox',
              'aria-multiline': 'true',
            }
          : {}),
      }),
      keymap.of([
        // Tab indents, as in every editor for code; after Escape it moves on, until the next change.
        {
          key: 'Escape',
          run: (view) => {
            view.setTabFocusMode(true);
            return false;
          },
        },
        ...defaultKeymap,
        ...historyKeymap,
        ...(isReadOnly ? [] : [indentWithTab]),
      ]),
      EditorView.updateListener.of(
        ({ docChanged, transactions, state, view }) => {
          if (!docChanged) return;
          view.setTabFocusMode(false);
          const isTyped = transactions.some(
            (one) => one.docChanged && !one.annotation(isGiven),
          );
          if (isTyped) events.current.onChange?.(state.doc.toString());
        },
      ),
      EditorView.domEventHandlers({
        focus: () => events.current.onFocus?.(),
        blur: (_event, view) => {
          view.setTabFocusMode(false);
          events.current.onBlur?.();
        },
      }),
    ],
  });
}

/** CodeMirror as a controlled field. Loaded by `CodeEditor` only. */
export default function CodeMirror(props: CodeEditorProps) {
  const { value, problems, jump } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const first = useRef(props);
  const events = useRef<Events>(props);
  useEffect(() => {
    events.current = props;
  });

  useEffect(() => {
    if (!host.current) return;
    const made = new EditorView({
      state: createState(first.current, events),
      parent: host.current,
    });
    view.current = made;
    return () => {
      made.destroy();
      view.current = null;
    };
  }, []);

  useEffect(() => {
    const { current } = view;
    if (!current || current.state.doc.toString() === value) return;
    current.dispatch({
      changes: { from: 0, to: current.state.doc.length, insert: value },
      annotations: isGiven.of(true),
    });
  }, [value]);

  useEffect(() => {
    const { current } = view;
    if (!current) return;
    const marks = toDiagnostics(problems ?? [], current.state.doc);
    current.dispatch(setDiagnostics(current.state, marks));
  }, [problems]);

  useEffect(() => {
    const { current } = view;
    if (!current || !jump) return;
    const { doc } = current.state;
    const { from } = doc.line(Math.min(jump.line, doc.lines));
    current.dispatch({ selection: { anchor: from }, scrollIntoView: true });
    current.focus();
  }, [jump]);

  return <div ref={host} className="min-w-0 [&_.cm-editor]:rounded-[5px]" />;
}
