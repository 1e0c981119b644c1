/** The variables in an image's config, of lines such as `PATH=/bin`. */
export function toVariables(
  lines: readonly string[],
): ReadonlyMap<string, string> {
  return new Map(
    lines.map((line): [string, string] => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );
}
