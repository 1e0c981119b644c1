import { quote, type Rule } from '@/lib/build/failure-words';

// What programs print when a server that a command needs does not give what it asks for. A URL may hold a login; a
// message names its host alone.

const URL = String.raw`https?://(?:[^\s/@]*@)?(?<host>[^\s/'"\`)\],]+)`;
/** The cause may come some lines behind what it is the cause of. */
const CAUSE = String.raw`[^]{0,600}?`;

const UNTRUSTED = String.raw`invalid peer certificate|[Cc]ertificate verif|CERTIFICATE_VERIFY_FAILED|SSL certificate problem`;
const TROUBLES: readonly [words: string, reason: string][] = [
  [
    String.raw`dns error|[Cc]ould not resolve|[Tt]emporary failure|[Nn]ame or service not known|unable to resolve`,
    'its host name is not known there',
  ],
  [
    String.raw`[Cc]onnection refused|Failed to connect|Could(?: not|n.t) connect`,
    'the connection is refused',
  ],
  [
    String.raw`[Nn]etwork is unreachable|No route to host`,
    'the network does not lead there',
  ],
  [String.raw`timed out|[Tt]imeout`, 'it does not answer in time'],
];

type Say = (host: string) => string;

function rules(
  code: Rule['code'],
  wordings: readonly string[],
  say: Say,
): Rule[] {
  return wordings.map((words) => ({
    code,
    when: new RegExp(words),
    say: ({ groups }) => say(quote(groups?.host) || 'a server'),
  }));
}

/** Of these tools each has a way to name where it went; what went wrong comes behind. */
const failing = (what: string) => [
  // uv, apt
  `Failed to fetch:? \`?${URL}${CAUSE}(?:${what})`,
  // git
  `unable to access '${URL}[^\\n]*(?:${what})`,
  // pip, which gives up with an empty index
  `host='(?<host>[^']+)'[^\\n]*(?:${what})${CAUSE}from versions: none`,
  `Looking in indexes: ${URL}${CAUSE}connection broken by[^\\n]*(?:${what})${CAUSE}from versions: none`,
  `connection broken by[^\\n]*(?:${what})${CAUSE}from versions: none`,
];

const DENIED = [
  `An index URL \\(${URL}[^)]*\\) could not be queried due to a lack of valid authentication`,
  `HTTP status client error \\(40[13][^)]*\\) for url \\(${URL}`,
  `40[13] Client Error: [^\\n]* for url: ${URL}`,
  `40[13] Error, Credentials not correct for ${URL}`,
  `Failed to fetch ${URL}[^\\n]* 40[13] `,
  `(?:could not read Username for|Authentication failed for) '${URL}`,
];

/** For the last lines of a command that failed: a server it needs, and not what it was asked to do. */
export const SERVER_RULES: readonly Rule[] = [
  ...rules(
    'BUILD_CERTIFICATE_UNTRUSTED',
    [
      ...failing(UNTRUSTED),
      // wget, conda, curl
      "The certificate of .(?<host>[^\\s’']+). is not trusted",
      `SSL peer certificate[^\\n]*\\[${URL}`,
      'curl: \\(60\\)',
    ],
    (host) => `The build does not trust the certificate of ${host}.`,
  ),
  ...rules(
    'BUILD_SERVER_DENIED',
    DENIED,
    (host) =>
      `${host} asks for a login that the build does not have, or refuses it.`,
  ),
  ...TROUBLES.flatMap(([words, reason]) =>
    rules(
      'BUILD_SERVER_UNREACHABLE',
      [
        ...failing(words),
        // curl, wget, conda
        `curl: \\(\\d+\\) (?:${words})(?: to)?(?: host:)? (?<host>[^\\s:]+)`,
        `(?:${words}) host address .(?<host>[^\\s’']+)`,
        `(?:${words})[^\\n]*\\[${URL}`,
      ],
      (host) => `The build cannot reach ${host}: ${reason}.`,
    ),
  ),
  ...rules(
    'BUILD_SERVER_UNREACHABLE',
    [
      `HTTP status server error \\(5\\d\\d[^)]*\\) for url \\(${URL}`,
      `Failed to fetch ${URL}[^\\n]* 5\\d\\d `,
    ],
    (host) => `${host} answered with an error of its own.`,
  ),
];
