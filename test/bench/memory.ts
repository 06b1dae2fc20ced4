import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { findRunning, type RunningStack } from '#infra/local/state/running-stack.ts';
import { launchBrowser, passLogin } from '#test/e2e/browser.ts';
import { ADMIN, apiOf, COACH, type Api } from '#test/support/stack.ts';
import { benchArguments } from './arguments.ts';
import { timePicture } from './picture.ts';
import { machine, writeResults } from './results.ts';
import { textTable } from './table.ts';

/**
 * `npm run bench:memory`: whether `npm start` and the site stay as large as they are: the stack in a process of its own, used
 * by a coach and an admin all the time, and a browser that is left open on the dashboard. Memory is what the system counts
 * for the stack's processes, garbage and the table included; of the browser, what is alive after a collection.
 */

const options = benchArguments({
  minutes: 60,
  /** How long the browser is left open. */
  browser: 10,
  /** Requests a second. */
  rate: 4,
  /** 1: writes the pictures into docs/images too. */
  pictures: 0,
});

const SAMPLE_MS = 10_000;
/** Well before an access token ends. */
const SIGN_IN_MS = 5 * 60_000;
/** A full sync, and a change of somebody's grade. */
const JOB_EVERY = 240;
const WRITE_EVERY = 20;
const MB = 2 ** 20;

interface Sample {
  readonly minute: number;
  readonly megabytes: number;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const begun = performance.now();
const minuteNow = (): number => (performance.now() - begun) / 60_000;
const isOver = (): boolean => minuteNow() >= options.minutes;

/** A process and all it started. */
function treeOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return [pid, ...children.split(' ').filter(Boolean).map(Number).flatMap(treeOf)];
}

function residentBytes(pid: number): number {
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/u.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

async function running(state: string): Promise<RunningStack> {
  for (;;) {
    try {
      return findRunning(state);
    } catch {
      await wait(500);
    }
  }
}

const idsSchema = z.object({ items: z.array(z.object({ id: z.string() })) });

/** What a coach and an admin do, over and over. Answers how many requests were answered with another status than 2xx. */
async function use(stack: RunningStack): Promise<{ requests: number; refused: Map<string, number> }> {
  let coach = await apiOf(stack, COACH);
  let admin = await apiOf(stack, ADMIN);
  let signedInAt = performance.now();
  const ids = idsSchema.parse((await coach('GET', '/api/competitors')).body).items.map(({ id }) => id);
  const refused = new Map<string, number>();
  let requests = 0;
  const call = async (api: Api, method: string, path: string, body?: unknown, headers = {}) => {
    const answer = await api(method, path, { ...(body === undefined ? {} : { body }), headers });
    if (answer.status >= 300) {
      const what = `${answer.status} ${method} ${path.replace(/cmp[\w-]+/u, '{id}')}`;
      refused.set(what, (refused.get(what) ?? 0) + 1);
    }
    return answer;
  };
  for (; !isOver(); requests += 1) {
    const due = wait(1_000 / options.rate);
    if (performance.now() - signedInAt > SIGN_IN_MS) {
      coach = await apiOf(stack, COACH);
      admin = await apiOf(stack, ADMIN);
      signedInAt = performance.now();
    }
    const id = ids[requests % ids.length] ?? '';
    if (requests % JOB_EVERY === 0)
      await call(admin, 'POST', '/api/admin/jobs', {
        taskType: 'game_platform_sync',
        payload: { full: true },
      });
    else if (requests % WRITE_EVERY === 0) {
      const { headers } = await call(coach, 'GET', `/api/competitors/${id}`);
      const grade = 9 + ((requests / WRITE_EVERY) % 4);
      await call(
        coach,
        'PATCH',
        `/api/competitors/${id}`,
        { grade },
        { 'if-match': headers.get('etag') ?? '' },
      );
    } else {
      const looks = [
        () => call(coach, 'GET', '/api/game-platform/dashboard'),
        () => call(coach, 'GET', '/api/competitors'),
        () => call(coach, 'GET', `/api/competitors/${id}`),
        () => call(admin, 'GET', '/api/game-platform/dashboard'),
        () => call(admin, 'GET', '/api/admin/jobs'),
        () => call(coach, 'GET', '/api/teams'),
      ];
      await looks[requests % looks.length]?.();
    }
    await due;
  }
  return { requests, refused };
}

interface Page {
  readonly minute: number;
  readonly megabytes: number;
  readonly nodes: number;
  readonly listeners: number;
}

async function leaveOpen(stack: RunningStack): Promise<Page[]> {
  const user = stack.users.find(({ email }) => email === COACH);
  if (user === undefined) throw new Error('No coach can sign in.');
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await passLogin(page, stack.url, user);
    await page.getByRole('region', { name: 'Key figures' }).waitFor();
    const devTools = await page.context().newCDPSession(page);
    await devTools.send('Performance.enable');
    const samples: Page[] = [];
    const since = minuteNow();
    while (minuteNow() - since < options.browser) {
      await devTools.send('HeapProfiler.collectGarbage');
      const { metrics } = await devTools.send('Performance.getMetrics');
      const of = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? 0;
      samples.push({
        minute: minuteNow() - since,
        megabytes: of('JSHeapUsedSize') / MB,
        nodes: of('Nodes'),
        listeners: of('JSEventListeners'),
      });
      await wait(SAMPLE_MS);
    }
    return samples;
  } finally {
    await browser.close();
  }
}

const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** What it comes to in the last quarter of the time, over the second. */
function lastOverSecondQuarter<T>(samples: readonly T[], valueOf: (sample: T) => number): number {
  const values = samples.map(valueOf);
  const quarter = Math.floor(values.length / 4);
  return middle(values.slice(-quarter)) / middle(values.slice(quarter, 2 * quarter));
}

/** A line of the table: what something was at first, at most and at last, and how its quarters compare. */
const row = (what: string, values: readonly number[], ratio: number): string[] => [
  what,
  (values[0] ?? Number.NaN).toFixed(1),
  Math.max(...values).toFixed(1),
  (values.at(-1) ?? Number.NaN).toFixed(1),
  ratio.toFixed(3),
];

const state = mkdtempSync(join(tmpdir(), 'coach-dashboard-memory-'));
const child = spawn(
  process.execPath,
  ['--import', 'tsx', 'infra/local/main.ts', '--json', '--port', '0', '--state', state],
  { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
);
const { pid } = child;
if (pid === undefined) throw new Error('The stack did not start.');
try {
  const stack = await running(state);
  console.log(`The stack runs; ${options.minutes} minutes begin.`);
  const samples: Sample[] = [];
  const sampling = setInterval(() => {
    const bytes = treeOf(pid).reduce((sum, each) => sum + residentBytes(each), 0);
    samples.push({ minute: minuteNow(), megabytes: bytes / MB });
  }, SAMPLE_MS);
  const [{ requests, refused }, browser] = await Promise.all([use(stack), leaveOpen(stack)]);
  clearInterval(sampling);

  const ofPage = (what: string, valueOf: (sample: Page) => number) =>
    row(what, browser.map(valueOf), lastOverSecondQuarter(browser, valueOf));
  const megabytes = samples.map((sample) => sample.megabytes);
  console.log(`\n${machine()}; ${requests} requests, ${JSON.stringify([...refused])} refused\n`);
  console.log(
    textTable(
      ['', 'first', 'most', 'last', 'last quarter ÷ second'],
      [
        row(
          'stack, MB',
          megabytes,
          lastOverSecondQuarter(samples, (sample) => sample.megabytes),
        ),
        ofPage('page, MB of heap', (sample) => sample.megabytes),
        ofPage('page, nodes', (sample) => sample.nodes),
        ofPage('page, listeners', (sample) => sample.listeners),
      ],
    ),
  );
  if (options.pictures > 0) {
    const line = (name: string, color: string, points: readonly Sample[]) => ({
      name,
      color,
      points: points.map(({ minute, megabytes: y }) => ({ x: minute, y })),
    });
    const pictures = {
      'memory-stack': timePicture({ title: 'Memory of npm start in use', xAxis: 'minutes', yAxis: 'MB' }, [
        line('all its processes', '#5eead4', samples),
      ]),
      'memory-page': timePicture(
        { title: 'Heap of the dashboard left open', xAxis: 'minutes', yAxis: 'MB' },
        [line('after a collection', '#93c5fd', browser)],
      ),
    };
    for (const [name, picture] of Object.entries(pictures))
      writeFileSync(join(root, `docs/images/${name}.svg`), picture);
  }
  console.log(writeResults('memory', { options, requests, refused: [...refused], samples, browser }));
} finally {
  child.kill('SIGTERM');
  await new Promise((resolve) => {
    child.once('exit', resolve);
  });
  rmSync(state, { recursive: true, force: true });
}
