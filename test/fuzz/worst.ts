import { pick, type Random } from '#test/game-platform-simulator/random.ts';

/** What nobody means to send: the worst texts, values, headers and paths that are known. */

const KNOWN_TEXTS: readonly string[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\uD800',
  'Ada\uDC00',
  '\uFFFD',
  '\u200B\u200B',
  'Ada\u200BQuill',
  '\u202Eadmin\u202C',
  '\u2066\u2067\u2068',
  'e\u0301'.repeat(60),
  `a${'\u0301'.repeat(300)}`,
  `a${'\u0301\u0327'.repeat(4_000)}`,
  '\u1100'.repeat(200),
  '\uFDFA'.repeat(100),
  'ﬁ'.repeat(99),
  '👩‍👩‍👧‍👦'.repeat(9),
  '👩‍👩‍👧‍👦'.repeat(60),
  'İ'.repeat(100),
  'ß'.repeat(100),
  'x'.repeat(101),
  'x'.repeat(401),
  'x'.repeat(2_049),
  '界'.repeat(1_000),
  '12',
  '-0',
  '1e400',
  '007',
  'NaN',
  'true',
  'null',
  'undefined',
  '[object Object]',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '=1+1',
  "@SUM(A1)'",
  '"; DROP TABLE x; --',
  '<script>alert(1)</script>',
  '${jndi:ldap://x.test}',
  '{{7*7}}',
  '../../etc/passwd',
  '%00',
  'a#b',
  'COMP#x',
  'a,b',
  '\r\nset-cookie: a=b',
  '9999-12-31',
  '0001-01-01',
  '0000-00-00',
  '-271821-04-20',
  '+275760-09-13',
  '2026-02-30',
  '2024-02-29',
  '9999-12-31T23:59:59.999Z',
  '0000-01-01T00:00:00Z',
  '2026-11-24T24:00:00Z',
  '2026-11-24T12:00:00+23:59',
  'rate(0 minutes)',
  'cron(* * * * * *)',
  'x@müller.example',
  '@',
  `${'a'.repeat(64)}@${'b.'.repeat(90)}example`,
  `a@${'b'.repeat(240)}.test`,
  `${'a.'.repeat(120)}@example.org`,
  'a@b@c.test',
  '"a b"@example.org',
  'a@[127.0.0.1]',
  'a@xn--.test',
  'a@0x7f.1',
];

/** Where the time of a careless expression or of composing grows with the square. */
const LONG_TEXTS: readonly (() => string)[] = [
  () => 'x'.repeat(900_000),
  () => `a${'\u0301'.repeat(300_000)}`,
  () => ' '.repeat(300_000),
  () => '\u200D'.repeat(300_000),
  () => `${'a'.repeat(200_000)}@`,
  () => `${'a.'.repeat(200_000)}@b`,
  () => '-'.repeat(400_000),
  () => '\uD800'.repeat(150_000),
];

export function worstText(random: Random): string {
  return random() < 0.03 ? pick(LONG_TEXTS, random())() : pick(KNOWN_TEXTS, random());
}

/** Texts that fit into an address. */
export const worstShortText = (random: Random): string => pick(KNOWN_TEXTS, random());

const deep = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
const deepObject = (depth: number): unknown => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);
/** Deeper than can be written from a value: the place of one, and its text. */
const ABYSSES: Readonly<Record<string, string>> = {
  '@deep-array@': '['.repeat(100_000) + ']'.repeat(100_000),
  '@deep-object@': `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
};
/** JSON of a body, with what no value can stand for. */
export const worstJson = (value: unknown): string =>
  Object.entries(ABYSSES).reduce(
    (text, [place, abyss]) => text.replaceAll(JSON.stringify(place), abyss),
    JSON.stringify(value) ?? '',
  );

export const manyKeys = (count: number): Readonly<Record<string, number>> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 0]));

const VALUES: readonly (() => unknown)[] = [
  () => null,
  () => true,
  () => false,
  () => 0,
  () => -1,
  () => 1.5,
  () => 1e308,
  () => 2 ** 53,
  () => -(2 ** 31) - 1,
  () => [],
  () => ({}),
  () => [[]],
  () => [null],
  () => ['x', 'x', 'x'],
  () => ({ id: 'x' }),
  () => ({ length: 3 }),
  () => JSON.parse('{"__proto__":{"admin":true}}'),
  () => JSON.parse('{"constructor":{"prototype":{"admin":true}}}'),
  () => ({ toString: 'x', valueOf: 1 }),
];
const LARGE_VALUES: readonly (() => unknown)[] = [
  () => deep(3_000),
  () => '@deep-array@',
  () => deepObject(2_000),
  () => '@deep-object@',
  () => Array.from({ length: 100_000 }, () => 'x'),
  () => Array.from({ length: 501 }, (_, index) => `cmp_${index}`),
  () => Array.from({ length: 40_000 }, (_, index) => index),
  () => manyKeys(90_000),
];

export function worstValue(random: Random): unknown {
  if (random() < 0.05) return pick(LARGE_VALUES, random())();
  return random() < 0.6 ? worstText(random) : pick(VALUES, random())();
}

/** Segments of a path, as they travel: some are no percent-encoding at all. */
export const WORST_SEGMENTS: readonly string[] = [
  'x'.repeat(2_049),
  'x'.repeat(151),
  '%00',
  '%zz',
  '%',
  '%E0%A4%A',
  '%C0%AF',
  '..%2f..%2fadmin',
  '%2e%2e',
  '%2F',
  'a%20b',
  '%23',
  '%F0%9F%91%A9',
  '%E2%80%8B',
  '%ED%A0%80',
  '__proto__',
  'constructor',
  'null',
  '0',
  '-1',
  '*',
  '{id}',
  'cmp_nobody',
  'COMP%23x',
  '%22%3E%3Cscript%3E',
];

const bytes = (text: string): Buffer => Buffer.from(text);

/** Bodies that are no JSON of ours. */
export const WORST_BODIES: readonly (() => Buffer)[] = [
  () => bytes('{'),
  () => bytes('{"a":1'),
  () => bytes('[1,]'),
  () => bytes("{'a':1}"),
  () => bytes('\uFEFF{}'),
  () => bytes('null'),
  () => bytes('0'),
  () => bytes('""'),
  () => bytes('"text"'),
  () => bytes('[]'),
  () => bytes('NaN'),
  () => bytes('{"a":1,"a":2}'),
  () => bytes('{"__proto__":null}'),
  () => bytes('{"a":"\\ud800"}'),
  () => bytes('{}{}'),
  () => Buffer.from('{"firstName":"Ada"}', 'utf16le'),
  () => Buffer.from([0xff, 0xfe, 0x00, 0xd8]),
  () => Buffer.from([0xc3, 0x28]),
  () => bytes('a=1&b=2'),
  () => bytes(' '.repeat(500_000)),
  () => bytes('['.repeat(400_000)),
  () => bytes(`{"a":${'9'.repeat(400_000)}}`),
  () => bytes('x'.repeat(1_000_001)),
  () => bytes(JSON.stringify(manyKeys(90_000))),
];

/** Files of competitors. */
export const WORST_FILES: readonly (() => Buffer)[] = [
  () => bytes(''),
  () => bytes('first_name'),
  () => bytes('first_name,last_name\n"'),
  () => bytes('first_name,last_name\n"a""'),
  () => bytes('\u0000\u0000\u0000'),
  () => bytes('first_name,last_name,email\nA\u0000,B,\n'),
  () => bytes('first_name,first_name,last_name\nA,B,C\n'),
  () => bytes(`${'x,'.repeat(20_000)}\n`),
  () => bytes(`first_name,last_name\n${'"'.repeat(200_000)}`),
  () => bytes(`first_name,last_name\n${','.repeat(200_000)}`),
  () => bytes(`first_name,last_name\n${'\n'.repeat(200_000)}`),
  () => bytes(`first_name,last_name\na${'\u0301'.repeat(50_000)},B\n`),
  () => bytes('first_name,last_name,grade\nA,B,1e400\nC,D,-0\n'),
  () => bytes('first_name,last_name,media_release_date\nA,B,9999-12-31\nC,D,0001-01-01\nE,F,-271821-04-20\n'),
  () => bytes('__proto__,constructor,last_name\n1,2,3\n'),
  () => bytes('sep=\n\n\n'),
  () => bytes('sep=;\nfirst_name;last_name\nA;B\n'),
  () => Buffer.from('first_name,last_name\nA,B\n', 'utf16le'),
  () => Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x41, 0x00]),
  () => Buffer.concat([bytes('first_name,last_name\n'), Buffer.from([0xff, 0xfe, 0x80]), bytes(',B\n')]),
];

/** Headers that the API reads, as nobody should send them. */
export const WORST_HEADERS: readonly (readonly [string, string])[] = [
  ['if-match', ''],
  ['if-match', '*'],
  ['if-match', '"0"'],
  ['if-match', '"999999999999999"'],
  ['if-match', '"1", "2"'],
  ['if-match', 'W/"1"'],
  ['if-match', '"-1"'],
  ['if-match', `"${'9'.repeat(4_000)}"`],
  ['if-match', '"1e3"'],
  ['idempotency-key', ''],
  ['idempotency-key', ' '],
  ['idempotency-key', 'k'.repeat(256)],
  ['idempotency-key', 'k'.repeat(255)],
  ['idempotency-key', 'k\u00e9y'],
  ['idempotency-key', 'a#b#c'],
  ['idempotency-key', 'the-same'],
  ['idempotency-key', '__proto__'],
  ['content-type', ''],
  ['content-type', 'text/csv'],
  ['content-type', 'text/plain; charset=utf-16'],
  ['content-type', 'multipart/form-data; boundary=x'],
  ['content-type', 'application/octet-stream'],
  ['content-type', 'application/x-www-form-urlencoded'],
  ['content-type', 'image/png'],
  ['x-act-as', ''],
  ['x-act-as', 'coach-02'],
  ['x-act-as', 'coach-01'],
  ['x-act-as', 'coach-01, coach-02'],
  ['x-act-as', 'coach_nobody'],
  ['x-act-as', 'x'.repeat(151)],
  ['x-act-as', '\u00e9'],
  ['x-act-as', '__proto__'],
  ['authorization', ''],
  ['authorization', 'Bearer'],
  ['authorization', 'Bearer x.y.z'],
  ['authorization', 'Basic YTpi'],
  ['authorization', `Bearer ${'a'.repeat(5_000)}`],
  ['accept', 'text/html'],
  ['accept-encoding', 'br;q=0, gzip;q=x'],
  ['if-none-match', '*'],
  ['cookie', 'a=b; a=c; __proto__=d'],
  ['x-origin-verify', 'guessed'],
  ['x-forwarded-for', '1.2.3.4'],
  ['x-amzn-trace-id', 'Root=x'],
  ['x-http-method-override', 'DELETE'],
];
