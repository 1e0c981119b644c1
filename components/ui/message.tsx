/** A message of ours: what stands between backquotes is code. */
export function Message({ text }: { text: string }) {
  return text.split('`').map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      <code key={index} className="wrap-anywhere">
        {part}
      </code>
    ),
  );
}

/** The same where only plain text fits: a tooltip, a toast, a field's fault. */
export function plainMessage(text: string): string {
  return text.replaceAll('`', '');
}
