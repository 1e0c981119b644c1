import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const color = (name: string) => `var(--color-${name})`;

// Our tokens know light and dark themselves, so there is one theme.
const look = EditorView.theme({
  '&': {
    backgroundColor: color('log'),
    color: color('ink'),
    fontSize: '0.75rem',
  },
  '&.cm-focused': {
    outline: `2px solid ${color('accent')}`,
    outlineOffset: '1px',
  },
  '.cm-scroller': {
    fontFamily: 'var(--font-mono)',
    lineHeight: '1.125rem',
    maxHeight: 'min(60vh, 36rem)',
    minHeight: '9.5rem',
  },
  '.cm-content': { paddingBlock: '0.5rem', caretColor: color('ink') },
  '.cm-line': { paddingInline: '0.25rem 0.75rem' },
  '.cm-cursor': { borderLeftColor: color('ink') },
  '.cm-gutters': {
    backgroundColor: color('log'),
    color: color('ink-3'),
    border: 'none',
  },
  '.cm-lineNumbers .cm-gutterElement': {
    minWidth: '2rem',
    paddingInline: '0.25rem 0.5rem',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine, &.cm-focused .cm-activeLineGutter': {
    backgroundColor: color('hover'),
  },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    {
      backgroundColor: color('log-selected'),
    },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: color('active') },
  '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: color('bad-soft') },
  '.cm-lintRange': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy',
    textUnderlineOffset: '3px',
  },
  '.cm-lintRange-error': { textDecorationColor: color('bad') },
  '.cm-lintRange-warning': { textDecorationColor: color('warn') },
  '.cm-gutter-lint': { width: '1rem' },
  '.cm-gutter-lint .cm-gutterElement': { padding: '0.25rem 0 0 0.25rem' },
  // A round sign for an error, a triangle for a warning: the colour is not the only difference.
  '.cm-lint-marker': { width: '0.625rem', height: '0.625rem' },
  '.cm-lint-marker-error, .cm-lint-marker-warning': { content: '""' },
  '.cm-lint-marker-error': {
    backgroundColor: color('bad'),
    borderRadius: '999px',
  },
  '.cm-lint-marker-warning': {
    backgroundColor: color('warn'),
    clipPath: 'polygon(50% 0, 100% 100%, 0 100%)',
  },
  '.cm-tooltip': {
    backgroundColor: color('popup'),
    color: color('ink'),
    border: `1px solid ${color('line-strong')}`,
    borderRadius: 'var(--radius-md)',
    boxShadow: 'var(--shadow-popup)',
    fontFamily: 'var(--font-sans)',
    maxWidth: 'min(32rem, 90vw)',
  },
  '.cm-diagnostic': { padding: '0.375rem 0.625rem', whiteSpace: 'pre-wrap' },
  '.cm-diagnostic-error': { borderLeftColor: color('bad') },
  '.cm-diagnostic-warning': { borderLeftColor: color('warn') },
  '.cm-diagnosticAction': {
    backgroundColor: color('accent'),
    color: color('accent-ink'),
    borderRadius: 'var(--radius-sm)',
  },
});

const syntax = HighlightStyle.define([
  {
    tag: [tags.keyword, tags.operatorKeyword, tags.bool, tags.null],
    color: color('ansi-magenta'),
  },
  { tag: [tags.string, tags.special(tags.string)], color: color('ansi-green') },
  { tag: [tags.number, tags.literal], color: color('ansi-blue') },
  { tag: tags.comment, color: color('ink-3'), fontStyle: 'italic' },
  {
    tag: [tags.function(tags.variableName), tags.className],
    color: color('ansi-blue'),
  },
  {
    tag: [tags.propertyName, tags.definition(tags.propertyName)],
    color: color('ansi-cyan'),
  },
  {
    tag: [tags.escape, tags.meta, tags.labelName, tags.typeName],
    color: color('ansi-yellow'),
  },
  {
    tag: [tags.punctuation, tags.bracket, tags.operator, tags.separator],
    color: color('ink-2'),
  },
]);

export const editorTheme = [look, syntaxHighlighting(syntax)];
