import * as z from 'zod';
import { readImportFile } from '#shared/competitors/import/import-file.ts';
import { searchWords } from '#shared/competitors/name-search.ts';
import { startJobSchema } from '#shared/composition/tasks.ts';
import { createApiHandler } from '#shared/http/api-handler.ts';
import type { ApiReply, ApiRequest } from '#shared/http/api-types.ts';
import { parseInput } from '#shared/http/middleware/request-input.ts';
import { ROUTES } from '#shared/http/routes.ts';
import { routeKeyOf, type Route } from '#shared/kernel/contract.ts';
import { createLog } from '#shared/kernel/log.ts';
import { teamRoutes } from '#shared/teams/contract.ts';
import { inputSchema, type InputSchema } from '#test/fuzz/shots.ts';
import { worstJson } from '#test/fuzz/worst.ts';
import { ADMIN, ACCESS_CLAIMS, CONTEXT, createHttpEvent } from '#test/shared/http/http-events.ts';
import { benchArguments } from './arguments.ts';
import { writeResults } from './results.ts';
import { textTable } from './table.ts';

/**
 * `npm run bench:worst`: the time of the worst input of each field, from the event to the answer without the table, over
 * that of an ordinary body of the same size. Search and import, which do more with a text than to keep it, are
 * measured with what they do. Ends with code 1 when a ratio is above the limit.
 */

const options = benchArguments({ rounds: 5, limit: 3 });
/** Differences below it are noise. */
const NOISE_MS = 2;

const WORST: Readonly<Record<string, () => unknown>> = {
  'long word': () => 'x'.repeat(900_000),
  'stacked marks': () => `a${'\u0301\u0327'.repeat(200_000)}`,
  'marks, just short enough': () => `a${'\u0327\u0301'.repeat(199)}`,
  'letters with marks, as many as fit': () => 'a\u0327\u0301'.repeat(33),
  'white space': () => ' '.repeat(900_000),
  invisible: () => '\u200D'.repeat(300_000),
  'half characters': () => '\uD800'.repeat(150_000),
  'dots before no @': () => 'a.'.repeat(400_000),
  'many @': () => 'a@'.repeat(400_000),
  'address, as long as fits': () => `${'a.'.repeat(120)}a@b.example`,
  'international domain': () => `a@${'ü.'.repeat(120)}example`,
  digits: () => '9'.repeat(900_000),
  'list of 200,000 words': () => Array.from({ length: 200_000 }, () => 'x'),
  '90,000 fields': () => Object.fromEntries(Array.from({ length: 90_000 }, (_, at) => [`k${at}`, 0])),
  '1,900 fields': () => Object.fromEntries(Array.from({ length: 1_900 }, (_, at) => [`k${at}`, 0])),
  'list of 1,900 words': () => Array.from({ length: 1_900 }, () => 'x'),
  'deep list': () => '@deep-array@',
  'deep object': () => '@deep-object@',
};
const TEXTS = new Map(Object.entries(WORST).map(([worst, value]) => [worst, worstJson(value())]));
/** Where one of them goes. */
const HERE = '@here@';
const WORST_IN_QUERY = [
  'marks, just short enough',
  'letters with marks, as many as fit',
  'international domain',
];

const FILES: Readonly<Record<string, (bytes: number) => string>> = {
  quotes: (bytes) => `first_name,last_name\n${'"'.repeat(bytes)}`,
  commas: (bytes) => `first_name,last_name\n${','.repeat(bytes)}`,
  lines: (bytes) => `first_name,last_name\n${'\n'.repeat(bytes)}`,
  'one cell': (bytes) => `first_name,last_name\n${'x'.repeat(bytes)},y`,
  'stacked marks': (bytes) => `first_name,last_name\na${'\u0301'.repeat(bytes / 2)},y`,
  columns: (bytes) => 'a,'.repeat(bytes / 2),
};
const FILE_BYTES = 1_000_000;

const routes: readonly Route[] = ROUTES;

/** What a handler does with the texts before it asks the table. */
function handle(route: Route, { body, rawBytes }: ApiRequest): Promise<ApiReply> {
  const key = routeKeyOf(route);
  if (route.bodyLast === true && route.body !== undefined) parseInput(route.body, body ?? {});
  if (key === 'POST /api/admin/jobs') parseInput(startJobSchema, body);
  if (key === 'POST /api/competitors/search') searchWords(z.object({ q: z.string() }).parse(body).q);
  if (route.file !== undefined) readImportFile(rawBytes ?? new Uint8Array());
  return Promise.resolve({ status: 200, body: {} });
}

const api = createApiHandler({
  served: routes.map((route) => ({ route, handle: (request: ApiRequest) => handle(route, request) })),
  resolveCaller: () => Promise.resolve(ADMIN),
  originVerify: () => Promise.resolve(true),
  log: createLog(() => undefined),
});

interface Input {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The quickest of some tries: whatever else the machine does only adds to it. One that is quick enough is not repeated. */
async function time(work: () => unknown, enough = 0): Promise<number> {
  let best = Infinity;
  for (let round = 0; round < options.rounds && best > enough; round += 1) {
    const since = performance.now();
    await work();
    best = Math.min(best, performance.now() - since);
  }
  return best;
}

const known = new Map<string, number>();
/** Measured once for everything that costs the same. */
async function timeOnce(what: string, work: () => unknown): Promise<number> {
  const ms = known.get(what) ?? (await time(work));
  known.set(what, ms);
  return ms;
}

const ask = (route: Route, { query, body }: Input) =>
  api(
    createHttpEvent(routeKeyOf(route), {
      claims: ACCESS_CLAIMS,
      params: { id: 'x', jobId: 'x', competitorId: 'x', planId: 'x', name: 'sync', alertId: 'x' },
      headers: { 'if-match': '"1"', ...(route.file === undefined ? {} : { 'content-type': 'text/csv' }) },
      ...(query === undefined ? {} : { query }),
      ...(body === undefined ? {} : { body }),
    }),
    CONTEXT,
  );

function ordinary(schema: InputSchema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum?.[0] !== undefined) return schema.enum[0];
  const [choice] = schema.anyOf ?? schema.oneOf ?? [];
  if (choice !== undefined) return ordinary(choice);
  const type = [schema.type ?? 'string'].flat()[0];
  if (type === 'array') return [ordinary(schema.items ?? {})];
  if (type === 'boolean') return true;
  if (type === 'number' || type === 'integer') return schema.minimum ?? 1;
  if (type !== 'object') return schema.format === 'email' ? 'ada@example.org' : 'Ada Quill';
  return Object.fromEntries(
    Object.entries(schema.properties ?? {})
      .filter(([name]) => schema.required?.includes(name))
      .map(([name, one]) => [name, ordinary(one)]),
  );
}

interface Line {
  readonly where: string;
  readonly worst: string;
  readonly ms: number;
  readonly ordinaryMs: number;
  readonly ratio: number;
}

/** Any route with a body: what a body of a size costs whatever is in it. */
const PLAIN: Route = teamRoutes.createTeam;

async function measure(
  where: string,
  route: Route,
  usual: Input,
  inputs: readonly (readonly [string, Input])[],
): Promise<Line> {
  let line: Line | undefined;
  const usualMs = await time(() => ask(route, usual));
  for (const [worst, input] of inputs) {
    const { body = '0' } = input;
    const isJson = route.file === undefined;
    // In steps of a tenth, since sizes differ by little.
    const size = Math.round(Math.log(body.length) * 10);
    const padding = ' '.repeat(body.length);
    const sizeMs = isJson ? await timeOnce(`size ${size}`, () => ask(PLAIN, { body: `{}${padding}` })) : 0;
    const ordinaryMs = Math.max(usualMs + sizeMs, NOISE_MS);
    const ms = await time(() => ask(route, input), ordinaryMs);
    const ratio = ms / ordinaryMs;
    if (line === undefined || ratio > line.ratio) line = { where, worst, ms, ordinaryMs, ratio };
  }
  if (line === undefined) throw new Error(`Nothing was measured of ${where}.`);
  return line;
}

const lines: Line[] = [];
// What is compiled on first use is no property of an input.
for (const route of routes) await ask(route, { body: '{}' });
for (const route of routes) {
  const key = routeKeyOf(route);
  const query = route.query === undefined ? undefined : inputSchema(route.query);
  const plainQuery = Object.fromEntries(
    Object.entries(query?.properties ?? {})
      .filter(([name]) => name === 'dryRun')
      .map(([name]) => [name, 'true']),
  );
  for (const name of Object.keys(query?.properties ?? {})) {
    const inputs = WORST_IN_QUERY.map(
      (worst) => [worst, { query: { ...plainQuery, [name]: String(WORST[worst]?.()).repeat(6) } }] as const,
    );
    if (route.file === undefined)
      lines.push(await measure(`${key} ?${name}`, route, { query: { ...plainQuery, [name]: 'x' } }, inputs));
  }
  if (route.file !== undefined) {
    const person = 'Ada,Quill\n';
    const body = `first_name,last_name\n${person.repeat(9_999)}`.padEnd(FILE_BYTES, '\n');
    const inputs = Object.entries(FILES).map(
      ([worst, file]) => [worst, { query: plainQuery, body: file(FILE_BYTES) }] as const,
    );
    lines.push(await measure(`${key} file`, route, { query: plainQuery, body }, inputs));
  }
  if (route.body === undefined) continue;
  const schema = inputSchema(route.body);
  const plain = Object(ordinary(schema));
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const usual = { body: JSON.stringify({ ...plain, [name]: ordinary(field) }) };
    const around = JSON.stringify({ ...plain, [name]: HERE });
    const inputs = [...TEXTS].map(
      ([worst, text]) => [worst, { body: around.replace(`"${HERE}"`, () => text) }] as const,
    );
    lines.push(await measure(`${key} ${name}`, route, usual, inputs));
  }
  const whole = [...TEXTS].map(([worst, body]) => [worst, { body }] as const);
  lines.push(await measure(`${key} whole body`, route, { body: JSON.stringify(plain) }, whole));
}

const sorted = lines.toSorted((a, b) => b.ratio - a.ratio);
console.log(
  textTable(
    ['field', 'worst of it', 'ms', 'ordinary ms', 'ratio'],
    sorted.map(({ where, worst, ms, ordinaryMs, ratio }) => [
      where,
      worst,
      ms.toFixed(1),
      ordinaryMs.toFixed(1),
      ratio.toFixed(1),
    ]),
  ),
);
const above = sorted.filter(({ ratio }) => ratio > options.limit);
console.log(`\n${lines.length} fields, ${above.length} above ${options.limit}`);
console.log(`Written to ${writeResults('worst', { options, lines: sorted })}`);
process.exitCode = above.length > 0 ? 1 : 0;
