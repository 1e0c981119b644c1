import { describe, expect, it } from 'vitest';
import { parseChallenges, pickChallenge, splitScopes } from './challenge';

/** Header lines, the challenges in short, and whether they break RFC 9110 §11. */
type Case = [lines: string | string[], challenges: string, malformed?: true];

const bad = true as const;

const TABLE: Record<string, Case[]> = {
  'a scheme alone': [
    ['Basic', 'basic'],
    ['bASIC', 'basic'],
    [' \t Basic', 'basic'],
    ['Basic\t', 'basic'],
    ['Negotiate, Basic', 'negotiate | basic'],
    ['Negotiate,Basic', 'negotiate | basic'],
    ['Negotiate ,\tBasic ,', 'negotiate | basic'],
    ['X-Own.v2!', 'x-own.v2!'],
    ['a,b,c', 'a | b | c'],
  ],
  'empty elements': [
    ['', ''],
    [' ', ''],
    [',', ''],
    [',,,', ''],
    [',Basic', 'basic'],
    [',,Basic,,', 'basic'],
    ['Basic realm="x",,,charset="UTF-8"', 'basic realm=x charset=UTF-8'],
    ['Basic realm="x" , , charset="UTF-8" ,', 'basic realm=x charset=UTF-8'],
    ['Bearer ,realm="x"', 'bearer realm=x'],
    ['Bearer , , realm="x"', 'bearer realm=x'],
    [',Bearer realm="x",,Basic realm="y"', 'bearer realm=x | basic realm=y'],
  ],
  'white space': [
    ['Bearer   realm="x"', 'bearer realm=x'],
    ['Bearer realm ="x"', 'bearer realm=x'],
    ['Bearer realm= "x"', 'bearer realm=x'],
    ['Bearer realm\t=\t"x"', 'bearer realm=x'],
    ['Bearer realm  =  x', 'bearer realm=x'],
    ['Bearer realm="x"\t,\tservice\t=\ts', 'bearer realm=x service=s'],
    ['Bearer realm=x , service = s ', 'bearer realm=x service=s'],
    ['Bearer realm="x"   ', 'bearer realm=x'],
  ],
  'tokens and quoted texts': [
    ['Bearer realm=x', 'bearer realm=x'],
    ["Bearer realm=a!#$%&'*+-.^_`|~9", "bearer realm=a!#$%&'*+-.^_`|~9"],
    ['Bearer realm=""', 'bearer realm='],
    ['Bearer realm="a b"', 'bearer realm=a b'],
    ['Bearer realm="a,b=c"', 'bearer realm=a,b=c'],
    ['Bearer realm=", Basic realm="', 'bearer realm=, Basic realm='],
    ['Bearer realm="=",x="="', 'bearer realm== x=='],
    ['Bearer realm="\tx"', 'bearer realm=\tx'],
    ['Bearer realm="é"', 'bearer realm=é'],
    ["Bearer realm='x'", "bearer realm='x'"],
    ['Bearer REALM="X",Service="S"', 'bearer realm=X service=S'],
    ['Bearer error=invalid_token', 'bearer error=invalid_token'],
    ['Bearer a="1",b=2,c="3"', 'bearer a=1 b=2 c=3'],
  ],
  escapes: [
    [String.raw`Bearer realm="a\"b"`, 'bearer realm=a"b'],
    [String.raw`Bearer realm="a\\b"`, String.raw`bearer realm=a\b`],
    [String.raw`Bearer realm="a\\"`, 'bearer realm=a\\'],
    [String.raw`Bearer realm="\a\,\ "`, 'bearer realm=a, '],
    [String.raw`Bearer realm="\"",service="s"`, 'bearer realm=" service=s'],
    [String.raw`Bearer realm="\\\"x"`, String.raw`bearer realm=\"x`],
    [String.raw`Bearer realm="a\"`, 'bearer', bad],
    [
      String.raw`Bearer realm="a\", service="s"`,
      'bearer realm=a", service= | s',
      bad,
    ],
    [String.raw`Bearer realm=a\b`, String.raw`bearer realm=a\b`, bad],
  ],
  token68: [
    ['Negotiate YII=', 'negotiate <YII=>'],
    ['Negotiate YII==', 'negotiate <YII==>'],
    ['Negotiate a-._~+/9', 'negotiate <a-._~+/9>'],
    ['Negotiate  abc  ', 'negotiate <abc>'],
    ['Negotiate abc,Basic realm="x"', 'negotiate <abc> | basic realm=x'],
    ['Negotiate abc== , Basic realm="x"', 'negotiate <abc==> | basic realm=x'],
    ['NTLM TlRM, Negotiate', 'ntlm <TlRM> | negotiate'],
    ['Bearer realm', 'bearer <realm>'],
    ['Bearer realm=', 'bearer <realm=>'],
    ['Basic realm="x", Negotiate abc=', 'basic realm=x | negotiate <abc=>'],
    ['Negotiate abc==, realm="x"', 'negotiate <abc==> realm=x', bad],
    ['Negotiate abc=d', 'negotiate abc=d'],
    ['Negotiate a==b', 'negotiate a==b', bad],
  ],
  'several challenges': [
    ['Basic realm="x", Bearer realm="y"', 'basic realm=x | bearer realm=y'],
    ['Basic realm="x",Basic realm="y"', 'basic realm=x | basic realm=y'],
    [
      'Digest realm="x", nonce="n", Basic realm="y"',
      'digest realm=x nonce=n | basic realm=y',
    ],
    ['Bearer realm="x",scope="a",Basic', 'bearer realm=x scope=a | basic'],
    ['Basic, realm2', 'basic | realm2'],
    [
      'Negotiate, Bearer realm="x", scope="s", Basic realm="y", charset="UTF-8"',
      'negotiate | bearer realm=x scope=s | basic realm=y charset=UTF-8',
    ],
  ],
  'several lines': [
    [[], ''],
    [['', ''], ''],
    [['Basic realm="x"', ''], 'basic realm=x'],
    [['Basic realm="x"', 'Bearer realm="y"'], 'basic realm=x | bearer realm=y'],
    [
      ['Negotiate', 'NTLM', 'Basic realm="x"'],
      'negotiate | ntlm | basic realm=x',
    ],
    [
      ['Bearer realm="x",', ',Basic realm="y"'],
      'bearer realm=x | basic realm=y',
    ],
    [
      ['Negotiate, Bearer realm="x"', 'Basic realm="y"'],
      'negotiate | bearer realm=x | basic realm=y',
    ],
    [['Bearer realm="x"', 'service="s"'], 'bearer realm=x service=s'],
    [
      ['Bearer realm="x",', ' service="s", Basic realm="y"'],
      'bearer realm=x service=s | basic realm=y',
    ],
    [['Bearer realm="x', 'Basic realm="y"'], 'bearer | basic realm=y', bad],
    [
      ['Bearer realm="x", "', 'Basic realm="y"'],
      'bearer realm=x | basic realm=y',
      bad,
    ],
    [['=', 'Basic realm="y"'], 'basic realm=y', bad],
    [['Negotiate', 'realm="x"'], 'negotiate realm=x', bad],
  ],
  'repeated parameters': [
    ['Bearer realm="1",realm="2"', 'bearer realm=1', bad],
    ['Bearer realm="1",REALM="2"', 'bearer realm=1', bad],
    ['Bearer realm="",realm="2"', 'bearer realm=', bad],
    ['Bearer service=a,service=a', 'bearer service=a', bad],
    ['Bearer scope="a",scope="b"', 'bearer scope=a b', bad],
    ['Bearer scope="a",Scope="b c",scope=d', 'bearer scope=a b c d', bad],
    ['Bearer scope="a",realm="x",scope="b"', 'bearer scope=a b realm=x', bad],
    ['Bearer scope=a,Basic scope=b', 'bearer scope=a | basic scope=b'],
  ],
  'unterminated quotes': [
    ['Bearer realm="', 'bearer', bad],
    ['Bearer realm="x', 'bearer', bad],
    ['Bearer realm="x,service="s"', 'bearer realm=x,service= | s', bad],
    ['Bearer realm="x",service="', 'bearer realm=x', bad],
    ['Bearer realm="x",service="s,scope=a', 'bearer realm=x', bad],
    ['Bearer realm="x", Basic realm="y', 'bearer realm=x | basic', bad],
    ['Bearer scope="a",scope="b', 'bearer scope=a', bad],
  ],
  'missing commas': [
    ['Bearer realm="x" service="s"', 'bearer realm=x service=s', bad],
    ['Bearer realm="x"service="s"', 'bearer realm=x service=s', bad],
    ['Bearer realm=x service=s', 'bearer realm=x service=s', bad],
    ['Bearer realm="x" Basic realm="y"', 'bearer realm=x | basic realm=y', bad],
    ['Negotiate Basic realm="x"', 'negotiate | basic realm=x', bad],
    ['Bearer,realm="x"', 'bearer realm=x', bad],
    ['Bearer, realm="x"', 'bearer realm=x', bad],
  ],
  'unquoted URLs': [
    [
      'Bearer realm=https://a.example/t',
      'bearer realm=https://a.example/t',
      bad,
    ],
    [
      'Bearer realm=https://a.example/t?x=1&y=2,service=s',
      'bearer realm=https://a.example/t?x=1&y=2 service=s',
      bad,
    ],
    [
      'Bearer realm=https://a.example/t service=s',
      'bearer realm=https://a.example/t service=s',
      bad,
    ],
    [
      'Bearer realm=https://a.example:5000/t, Basic realm=y',
      'bearer realm=https://a.example:5000/t | basic realm=y',
      bad,
    ],
    ['Bearer realm=/token', 'bearer realm=/token', bad],
    [
      'Bearer realm="x",scope=repository:a/b:pull,push',
      'bearer realm=x scope=repository:a/b:pull | push',
      bad,
    ],
    [
      'Bearer realm = https://a.example/t',
      'bearer realm=https://a.example/t',
      bad,
    ],
  ],
  'no value, no scheme, no sense': [
    ['Bearer realm="x",service=,scope=a', 'bearer realm=x scope=a', bad],
    ['Bearer realm="x",service= , scope=a', 'bearer realm=x scope=a', bad],
    ['Bearer realm=,service=s', 'bearer <realm=> service=s', bad],
    ['realm="x"', '', bad],
    ['realm="x", Bearer realm="y"', 'bearer realm=y', bad],
    ['=', '', bad],
    ['="x"', '', bad],
    ['"Basic"', '', bad],
    ['Bearer =x', '', bad],
    ['Bearer realm="x";service="s"', 'bearer realm=x', bad],
    ['Bearer: realm="x"', 'bearer', bad],
    ['(x)', '', bad],
    ['é', '', bad],
  ],
  'names of every object': [
    ['Bearer __proto__="x"', 'bearer __proto__=x'],
    ['Bearer constructor=x,toString=y', 'bearer constructor=x tostring=y'],
    [
      'Bearer hasOwnProperty=x,__proto__=y',
      'bearer hasownproperty=x __proto__=y',
    ],
    ['__proto__ realm="x"', '__proto__ realm=x'],
    ['Bearer __proto__=x,__proto__=y', 'bearer __proto__=x', bad],
  ],
};

describe.each(Object.entries(TABLE))('%s', (_, cases) => {
  it.each(cases)('%j', (lines, expected, malformed) => {
    const reading = parseChallenges(lines);
    expect(reading.challenges.map(inShort).join(' | ')).toBe(expected);
    expect(reading.malformed).toBe(malformed === true);
  });
});

it('holds more than a hundred cases', () => {
  expect(Object.values(TABLE).flat().length).toBeGreaterThan(100);
});

describe('pickChallenge', () => {
  it.each([
    ['Basic realm="x", Bearer realm="y"', 'bearer'],
    ['Bearer realm="", Basic realm="y"', 'basic'],
    ['Bearer service="s", Basic', 'basic'],
    ['Bearer realm=, Basic realm="y"', 'basic'],
    ['Bearer service="s", Bearer realm="y"', 'bearer'],
    ['Bearer service="s"', null],
    ['Negotiate, Digest realm="x"', null],
    ['', null],
  ])('answers %j with %s', (line, scheme) => {
    const picked = pickChallenge(parseChallenges(line).challenges);
    expect(picked?.scheme ?? null).toBe(scheme);
  });
});

describe('splitScopes', () => {
  it.each([
    ['a b', ['a', 'b']],
    ['  a \t b ', ['a', 'b']],
    [
      'repository:h:5000/a:pull,push registry:catalog:*',
      ['repository:h:5000/a:pull,push', 'registry:catalog:*'],
    ],
    ['', []],
    [undefined, []],
  ])('splits %j', (scope, scopes) => {
    expect(splitScopes(scope)).toEqual(scopes);
  });
});

function inShort({
  scheme,
  params,
  token68,
}: ReturnType<typeof parseChallenges>['challenges'][number]): string {
  return [
    scheme,
    ...(token68 === undefined ? [] : [`<${token68}>`]),
    ...Object.entries(params).map(([name, value]) => `${name}=${value}`),
  ].join(' ');
}
