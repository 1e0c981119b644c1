/** The platforms of a build, as they stand in its row: more than one only counted. */
export function PlatformNames({ platform }: { platform: string }) {
  const all = platform.split(',');
  if (all.length === 1) return <code>{platform}</code>;
  return <span title={all.join(', ')}>{all.length} platforms</span>;
}
