import fc from "fast-check";

/** Texts that have broken other people's programs. */
const TEXTS = [
  "",
  " ",
  "\u0000",
  "a\u0000b",
  "\ud800",
  "a\udfffz",
  "\u202e\u2066\ufeff",
  "🥐".repeat(50),
  "../../../../etc/passwd",
  "..\\..\\windows\\win.ini",
  "%2e%2e%2f%00",
  "'; --",
  '" or ""="',
  "#{7*7}{{7*7}}<%= 7*7 %>",
  "<script>alert(1)</script>",
  "\r\nSet-Cookie: a=b",
  "__proto__",
  "constructor",
  "NaN",
  "-1",
  "1e999",
  "0x7fffffff",
  "9223372036854775808",
  "2026-13-45",
  "0000-00-00",
  "+275760-09-13T00:00:00.001Z",
  "null",
  "true",
  "[object Object]",
  "http://169.254.169.254/",
  "javascript:1",
  "file:///etc/passwd",
  "7ZZZZZZZZZZZZZZZZZZZZZZZZZ",
  "00000000000000000000000000",
  "8ZZZZZZZZZZZZZZZZZZZZZZZZZ",
  "a@b.example\r\nbcc: c@d.example",
];
const HUGE = 100_000;

/** Text as nobody would type it. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
  { weight: 1, arbitrary: fc.integer({ min: 200, max: HUGE }).map((length) => "x".repeat(length)) },
);

/** Numbers at and past every edge. */
export const hostileNumber: fc.Arbitrary<number> = fc.constantFrom(
  -1,
  0,
  -0,
  0.5,
  201,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31) - 1,
  Number.MAX_SAFE_INTEGER,
  2 ** 63,
  1e308,
  -1e308,
  Number.NaN,
);

const DEEP = 2_000;
const deep = (open: string, close: string) => open.repeat(DEEP) + close.repeat(DEEP);

/** A value of another kind than was asked for. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  hostileNumber,
  fc.constantFrom<unknown>(null, true, [], {}, [[]], [null], { toString: 1 }, { length: -1 }, ["a", 1, {}]),
);

/** Whole bodies that are no body: broken, deep, doubled, poisoned. */
export const hostileBody: fc.Arbitrary<string | Buffer> = fc.oneof(
  fc.constantFrom(
    "",
    "{",
    "nul",
    '"text"',
    "[]",
    "null",
    "0",
    '{"a":1,}',
    '{"version":1,"version":2}',
    '{"__proto__":{"admin":true}}',
    '{"constructor":{"prototype":{"admin":true}}}',
    '{"title":"\\ud800","\\u0000":1}',
    deep("[", "]"),
    deep('{"a":', "}").replace('{"a":}', '{"a":1}'),
    `{"a":"${"x".repeat(600_000)}"}`,
  ),
  fc.constant(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])),
  hostileValue.map((value) => JSON.stringify(value) ?? ""),
);

/** What bodies are said to be. */
export const contentType: fc.Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: fc.constant("application/json") },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "text/plain",
      "application/xml",
      "application/x-www-form-urlencoded",
      "multipart/form-data",
      "multipart/form-data; boundary=x",
      "application/json; charset=utf-16",
      "application/proto",
      "nonsense",
    ),
  },
);

/** Marks of our insides: files, stacks, queries, drivers. */
const INSIDES =
  /\.(ts|js|mjs):\d+|node_modules|node:internal|services\/\w+\/src|file:\/\/\/(?!etc)|\/data\/postgres|violates|constraint "|relation "|column "|syntax error at|invalid byte sequence|kit\.outbox|kysely|pg_|ECONNREFUSED|127\.0\.0\.1:\d+|UnhandledPromise|TypeError|RangeError|Cannot read prop/i;

/** What of our insides a text shows. */
export function insidesIn(text: string): string | undefined {
  return INSIDES.exec(text)?.[0];
}
