export type LogCommand =
  | 'search'
  | 'next'
  | 'previous'
  | 'follow'
  | 'times'
  | 'wrap'
  | 'fold'
  | 'unfold'
  | 'help'
  | 'leave';

/** What of a keyboard event is looked at. */
export type KeyPress = {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
};

const COMMANDS: Readonly<Record<string, LogCommand>> = {
  '/': 'search',
  n: 'next',
  N: 'previous',
  p: 'previous',
  f: 'follow',
  t: 'times',
  w: 'wrap',
  '[': 'fold',
  ']': 'unfold',
  '?': 'help',
  Escape: 'leave',
};

/** What each key does, for the help. */
export const KEY_HELP: readonly { keys: readonly string[]; does: string }[] = [
  { keys: ['/', 'Ctrl F', '⌘ F'], does: 'Search all lines' },
  { keys: ['n'], does: 'Next line found, or next step' },
  { keys: ['N', 'p'], does: 'Line found before, or step before' },
  { keys: ['['], does: 'Fold all steps' },
  { keys: [']'], does: 'Unfold all steps' },
  { keys: ['f'], does: 'Follow the running step, or stop' },
  { keys: ['t'], does: 'Times: since the start, of the day, none' },
  { keys: ['w'], does: 'Wrap long lines' },
  { keys: ['Esc'], does: 'Leave the search, the selection, the full screen' },
  { keys: ['?'], does: 'This help' },
];

/** What a key asks of the log viewer. `isTyping`: it goes into a field, which only a search shortcut leaves. */
export function commandOf(
  { key, ctrlKey, metaKey, altKey }: KeyPress,
  isTyping: boolean,
): LogCommand | null {
  if (altKey) return null;
  if (ctrlKey || metaKey) return key === 'f' ? 'search' : null;
  if (isTyping) return null;
  return Object.hasOwn(COMMANDS, key) ? (COMMANDS[key] ?? null) : null;
}
