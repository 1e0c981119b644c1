const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const NUMBER = new Intl.NumberFormat('en-US');
const BYTE_UNITS = ['kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** A whole number with thousands marked: `2,318`. */
export function formatNumber(value: number): string {
  return NUMBER.format(value);
}

/** A count as people read it: exact below 1,000, then `1,000+`. */
export function formatCount(count: number): string {
  return count < 1000 ? String(count) : '1,000+';
}

/** A size in decimal units, as registries write it: `512 B`, `28.2 MB`. */
export function formatBytes(sizeBytes: number): string {
  if (sizeBytes < 1000) return `${Math.round(sizeBytes)} B`;
  let value = sizeBytes / 1000;
  let unit = 0;
  // 999.95 would be written 1000.0 of the smaller unit.
  while (value >= 999.95 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toFixed(1)} ${BYTE_UNITS[unit] ?? ''}`;
}

/** A length of time in its two largest units: `84 ms`, `9.1 s`, `1 m 12 s`, `2 h 4 m`. `digits` is for seconds alone. */
export function formatDuration(durationMs: number, digits: 0 | 1 = 1): string {
  const duration = Math.max(0, durationMs);
  if (digits === 1 && Math.round(duration) < SECOND)
    return duration < 0.5 ? '0 s' : `${Math.round(duration)} ms`;
  const seconds =
    digits === 1
      ? Math.round(duration / 100) / 10
      : Math.floor(duration / SECOND);
  if (seconds < 60) return `${seconds.toFixed(digits)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${whole % 60} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 24 * 60)
    return `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
  const hours = Math.floor(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

function largestUnit(durationMs: number): string {
  if (durationMs < MINUTE) return `${Math.floor(durationMs / SECOND)} s`;
  if (durationMs < HOUR) return `${Math.floor(durationMs / MINUTE)} min`;
  if (durationMs < DAY) return `${Math.floor(durationMs / HOUR)} h`;
  const days = Math.floor(durationMs / DAY);
  if (days < 30) return days === 1 ? '1 day' : `${days} days`;
  const months = Math.floor(days / 30);
  if (days < 365) return months === 1 ? '1 month' : `${months} months`;
  const years = Math.floor(days / 365);
  return years === 1 ? '1 year' : `${years} years`;
}

/**
 * How far an instant is from now: `just now`, `12 s ago`, `2 h ago`, `in 5 days`. Up to a minute ahead counts as now,
 * because the browser's clock may be behind the server's.
 */
export function formatRelative(thenMs: number, nowMs: number): string {
  const ahead = thenMs - nowMs;
  if (ahead > -5 * SECOND && ahead < MINUTE) return 'just now';
  return ahead < 0 ? `${largestUnit(-ahead)} ago` : `in ${largestUnit(ahead)}`;
}

/** The exact instant, to the second and with its time zone; the reader's own zone when none is given. */
export function formatInstant(instantMs: number, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
    timeZone,
  }).format(instantMs);
}

/** The twelve characters of a digest shown everywhere: `sha256:9f3c41…7fe21b`. Other text comes back as it is. */
export function shortDigest(digest: string): string {
  const [, algorithm, hex] = /^([a-z0-9]+):([0-9a-f]{32,})$/.exec(digest) ?? [];
  if (algorithm === undefined || hex === undefined) return digest;
  return `${algorithm}:${hex.slice(0, 6)}…${hex.slice(-6)}`;
}
