/** One way in that a server offers (RFC 9110 §11.3). Scheme and parameter names are lower case. */
export type Challenge = {
  scheme: string;
  params: Record<string, string>;
  token68?: string;
};

export type ChallengeReading = {
  challenges: Challenge[];
  /** The header broke the grammar somewhere and was read leniently. */
  malformed: boolean;
};

const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const TOKEN68 = /([A-Za-z0-9\-._~+/]+=*)[ \t]*(?=,|$)/y;
const BARE_VALUE = /[^\s,]+/y;
const SPACE = /[ \t]*/y;
const SEPARATOR = /[ \t,]*/y;

/**
 * Reads `WWW-Authenticate`, one header line or several, each of which may hold several challenges.
 *
 * Lenient where registries are: an unterminated quote drops its parameter, a missing comma and an unquoted URL are
 * accepted, a repeated `scope` is joined and of any other repeated parameter the first counts. A parameter before any
 * scheme is dropped. Text that cannot be read ends its line rather than throwing. Several lines are one list, so that
 * a parameter at the start of a line belongs to the challenge before it.
 *
 * @example parseChallenges('Bearer realm="https://a.example/token",service="a"')
 */
export function parseChallenges(
  headers: string | readonly string[],
): ChallengeReading {
  const lines = typeof headers === 'string' ? [headers] : headers;
  const list: ChallengeList = {
    challenges: [],
    malformed: false,
    takesParams: false,
  };
  for (const line of lines) readLine(line, list);
  const { challenges, malformed } = list;
  return { challenges, malformed };
}

/** The challenge a registry client answers: `bearer` when it names a realm, else `basic`, else none. */
export function pickChallenge(
  challenges: readonly Challenge[],
): Challenge | null {
  return (
    challenges.find(
      ({ scheme, params }) => scheme === 'bearer' && params.realm,
    ) ??
    challenges.find(({ scheme }) => scheme === 'basic') ??
    null
  );
}

/** The single scopes of a `scope` parameter, which holds them separated by spaces. */
export function splitScopes(scope: string | undefined): string[] {
  return (scope ?? '').split(/\s+/).filter((part) => part !== '');
}

/** The scope that reads a repository, and with `push` also writes it. */
export function repositoryScope(
  repository: string,
  actions: readonly ('pull' | 'push')[],
): string {
  return `repository:${repository}:${actions.join(',')}`;
}

/**
 * Joins scopes so that each resource appears once, with its actions merged. Order is kept: put what the server just
 * demanded first, because some honour only the first. What is no `type:name:actions` (`aws`, `*`) stays verbatim.
 */
export function mergeScopes(
  ...lists: readonly (readonly string[])[]
): string[] {
  const merged = new Map<string, Set<string>>();
  for (const scope of lists.flat()) {
    const first = scope.indexOf(':');
    const last = scope.lastIndexOf(':');
    // The name may hold host:port, so only the outer two colons count.
    const [resource, actions] =
      first === last
        ? [scope, '']
        : [scope.slice(0, last), scope.slice(last + 1)];
    const known = merged.get(resource) ?? new Set<string>();
    for (const action of actions.split(','))
      if (action !== '') known.add(action);
    merged.set(resource, known);
  }
  return [...merged].map(([resource, actions]) =>
    actions.size === 0 ? resource : `${resource}:${[...actions].join(',')}`,
  );
}

/** What is read so far. By the grammar only a scheme with a space behind it, and no token68, takes parameters. */
type ChallengeList = ChallengeReading & { takesParams: boolean };

function readLine(line: string, list: ChallengeList): void {
  let at = 0;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(line);
    if (!match) return null;
    at = pattern.lastIndex;
    return match[1] ?? match[0];
  };

  take(SEPARATOR);
  let before: 'comma' | 'scheme' | 'nothing' = 'comma';
  while (at < line.length) {
    const name = take(TOKEN)?.toLowerCase();
    if (name === undefined) {
      list.malformed = true;
      return;
    }
    const hasSpace = take(SPACE) !== '';
    const isParam = line[at] === '=';
    const isExpected: boolean = isParam
      ? before !== 'nothing' && list.takesParams
      : before === 'comma';
    if (!isExpected) list.malformed = true;
    if (isParam) {
      readParam(name);
    } else {
      readScheme(name, hasSpace);
    }
    const separator = take(SEPARATOR) ?? '';
    if (separator.includes(',')) before = 'comma';
    else before = !isParam && list.takesParams ? 'scheme' : 'nothing';
  }

  function readScheme(scheme: string, hasSpace: boolean): void {
    const params = Object.create(null) as Record<string, string>;
    const token68 = hasSpace ? take(TOKEN68) : null;
    list.challenges.push({
      scheme,
      params,
      ...(token68 === null ? {} : { token68 }),
    });
    list.takesParams = hasSpace && token68 === null;
  }

  function readParam(name: string): void {
    at += 1;
    take(SPACE);
    const value = line[at] === '"' ? takeQuoted() : takeBare();
    const challenge = list.challenges.at(-1);
    const isSet =
      challenge && value !== null && setParam(challenge, name, value);
    if (!isSet) list.malformed = true;
  }

  function takeQuoted(): string | null {
    let value = '';
    for (at += 1; at < line.length; at += 1) {
      const char = line[at];
      if (char === '"') {
        at += 1;
        return value;
      }
      if (char === '\\') at += 1;
      value += line[at] ?? '';
    }
    return null;
  }

  function takeBare(): string | null {
    const value = take(BARE_VALUE);
    TOKEN.lastIndex = 0;
    if (value !== null && TOKEN.exec(value)?.[0] !== value) {
      list.malformed = true;
    }
    return value;
  }
}

function setParam(challenge: Challenge, name: string, value: string): boolean {
  const known = challenge.params[name];
  if (known === undefined) {
    challenge.params[name] = value;
    return true;
  }
  if (name === 'scope') challenge.params[name] = `${known} ${value}`;
  return false;
}
