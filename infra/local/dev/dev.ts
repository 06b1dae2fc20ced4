import { readdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { buildOnce, FUNCTIONS, SITE } from '../build/build-product.ts';
import { runNode } from '../build/run-node.ts';
import { synthesize, type Synthesized } from '../build/synthesize.ts';
import { openSitePort } from '../emulator/edge/open-site-port.ts';
import { ROOT, STAGE, startLocalStack, type LocalStack, type LocalStackOptions } from '../local-stack.ts';
import { GAME_PLATFORM_STAND_IN } from '../product/game-platform.ts';
import { openFunctionBundles } from './function-bundles.ts';
import { startSiteServer } from './site-server.ts';

/** Editors write a file in several steps, and a checkout writes many files. */
const SETTLE_MS = 40;
/** A synthesis takes some seconds of a processor: not before the functions have been swapped. */
const TEMPLATE_AFTER_MS = 500;
/** Types are checked when nobody has written for this long. */
const TYPES_AFTER_MS = 1_000;
const WATCHED = ['functions', 'shared', 'infra', 'web'];

type Part = 'bundles' | 'template' | 'stack' | 'types';

const TITLES: Readonly<Record<Part, string>> = {
  bundles: 'A function does not compile',
  template: 'The CDK app does not synthesize',
  stack: 'The local stack does not start',
  types: 'Types do not fit',
};

/**
 * The local stack that follows the sources: pages change in place, functions run new code from their next invocation
 * on, and a changed template restarts the stack behind the same address. What is wrong stands in the terminal and over
 * the page; everything goes on with what was right before.
 */
export async function startDev(options: LocalStackOptions): Promise<{ stop(): Promise<void> }> {
  const onEvent = options.onEvent ?? (() => undefined);
  const tell = (message: string) => onEvent({ event: 'log', level: 'info', source: 'dev', message });
  const problem = (message: string) => onEvent({ event: 'log', level: 'error', source: 'dev', message });
  const failed = (error: unknown) => problem(error instanceof Error ? error.message : String(error));
  const edge = await openSitePort(options.port, problem);
  const site = await startSiteServer(ROOT, edge);
  const bundles = await openFunctionBundles(ROOT);
  const problems = createProblems((found) => {
    if (found === undefined) tell('Everything is right again.');
    else problem(`${found.title}:\n${found.text}`);
    site.showError(found);
  });

  let stack: LocalStack | undefined;
  let templates = '';

  async function swapFunctions(changed?: readonly string[]): Promise<void> {
    const since = performance.now();
    const names = await problems.during('bundles', () => bundles.rebuild(changed));
    if (names === undefined || names.length === 0 || stack === undefined) return;
    for (const { name, arn } of stack.deployment.functions) {
      if (names.some((folder) => name.endsWith(`-${folder}`))) stack.functions.refresh(arn);
    }
    tell(`New code in ${names.join(', ')} (${seconds(since)}).`);
  }

  /** Starts the stack when it does not run, or when the templates say something new. */
  async function followTemplate(): Promise<void> {
    const since = performance.now();
    const assembly = await problems.during('template', () =>
      synthesize({
        root: ROOT,
        stage: STAGE,
        gamePlatformApiBaseUrl: GAME_PLATFORM_STAND_IN,
        background: stack !== undefined,
      }),
    );
    if (assembly === undefined) return;
    const now = templatesOf(assembly);
    if (stack !== undefined && now === templates) return;
    const again = stack !== undefined;
    await stack?.stop();
    stack = undefined;
    stack = await problems.during('stack', () =>
      startLocalStack({
        ...options,
        reset: options.reset === true && !again && templates === '',
        live: {
          edge,
          codeDirectory: (functionName) => {
            const folder = folderOf(functionName);
            return folder === undefined ? undefined : bundles.directoryOf(folder);
          },
        },
        onEvent: (event) => {
          if (!again || event.event !== 'step') onEvent(event);
        },
      }),
    );
    templates = now;
    if (stack === undefined) return;
    // What was bundled while it started.
    for (const { arn } of stack.deployment.functions) stack.functions.refresh(arn);
    site.follow(stack.deployment);
    if (again) tell(`The stack runs from the new template (${seconds(since)}).`);
  }

  const swaps = createQueue(SETTLE_MS, swapFunctions, failed);
  const templateChanges = createQueue(
    TEMPLATE_AFTER_MS,
    async () => {
      await swaps.idle();
      await followTemplate();
    },
    failed,
  );
  const typeCheck = createTypeChecks(problems, () => swaps.idle());

  const watchers = WATCHED.map((folder) =>
    watch(join(ROOT, folder), { recursive: true }, (_kind, name) => {
      const path = join(ROOT, folder, name ?? '');
      typeCheck.soon();
      if (folder === 'functions' || folder === 'shared') swaps.add(path);
      if (folder !== 'web' && !path.startsWith(join(ROOT, 'infra/local'))) templateChanges.add(path);
    }),
  );

  const stop = async () => {
    for (const watcher of watchers) watcher.close();
    typeCheck.stop();
    await Promise.all([swaps.stop(), templateChanges.stop()]);
    await stack?.stop();
    await Promise.all([site.stop(), bundles.stop()]);
    await edge.stop();
  };
  try {
    await Promise.all([FUNCTIONS, SITE].map((product) => buildOnce(ROOT, product, options.signal)));
    await swapFunctions();
    await followTemplate();
    options.signal?.throwIfAborted();
  } catch (error) {
    await stop();
    throw error;
  }
  typeCheck.soon();
  tell('Sources are watched. After a change in infra/local, start again.');
  return { stop };
}

/** The function's folder; undefined for a function that is not of this product. */
const folderOf = (functionName: string): string | undefined =>
  readdirSync(join(ROOT, 'functions')).find((folder) => functionName.endsWith(`-${folder}`));

const seconds = (since: number): string => `${((performance.now() - since) / 1_000).toFixed(1)} s`;

/**
 * The templates without what only says which bundle a function has, since that is swapped in without a restart, and
 * without the order of their keys, which may be another after each synthesis.
 */
function templatesOf({ directory }: Synthesized): string {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.template.json'))
    .map((name) => readFileSync(join(directory, name), 'utf8').replaceAll(/[0-9a-f]{64}/g, 'asset'))
    .map((text) => JSON.stringify(JSON.parse(text, sortKeys)))
    .join('\n');
}

const sortKeys = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;

interface Problems {
  /** Runs a step and notes how it went; undefined when it failed. */
  during<T>(part: Part, step: () => Promise<T>): Promise<T | undefined>;
}

/** What is wrong now, told when it changes: the first in the order of the parts. */
function createProblems(
  onChange: (found: { readonly title: string; readonly text: string } | undefined) => void,
): Problems {
  const texts = new Map<Part, string>();
  let told = '';
  const tellChange = () => {
    const part = (['bundles', 'template', 'stack', 'types'] as const).find((one) => texts.has(one));
    const text = part === undefined ? '' : (texts.get(part) ?? '');
    if (text === told) return;
    told = text;
    onChange(part === undefined ? undefined : { title: TITLES[part], text });
  };
  return {
    async during(part, step) {
      try {
        const result = await step();
        texts.delete(part);
        return result;
      } catch (error) {
        texts.set(part, (error instanceof Error ? error.message : String(error)).replaceAll(`${ROOT}/`, ''));
        return undefined;
      } finally {
        tellChange();
      }
    },
  };
}

/** Handles changes one batch after the other, each path once. */
function createQueue(
  settleMs: number,
  handle: (changed: readonly string[]) => Promise<void>,
  onError: (error: unknown) => void,
) {
  const waiting = new Set<string>();
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const run = async () => {
    while (waiting.size > 0) {
      const changed = [...waiting];
      waiting.clear();
      await handle(changed).catch(onError);
    }
    running = undefined;
  };
  return {
    add(path: string) {
      waiting.add(path);
      clearTimeout(timer);
      timer = setTimeout(() => {
        running ??= run();
      }, settleMs);
    },
    async idle() {
      await running;
    },
    async stop() {
      clearTimeout(timer);
      waiting.clear();
      await running;
    },
  };
}

/** Runs the type checker after changes, when functions have been swapped; one that is overtaken by a change is ended. */
function createTypeChecks(problems: Problems, whenSwapped: () => Promise<void>) {
  let timer: NodeJS.Timeout | undefined;
  let checking = new AbortController();
  const check = async () => {
    checking = new AbortController();
    const { signal } = checking;
    await whenSwapped();
    await problems.during('types', async () => {
      try {
        await runNode('Checking types', ['node_modules/typescript/bin/tsc', '--pretty', 'false'], {
          directory: ROOT,
          signal,
        });
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    });
  };
  return {
    soon() {
      clearTimeout(timer);
      checking.abort();
      timer = setTimeout(() => void check(), TYPES_AFTER_MS);
    },
    stop() {
      clearTimeout(timer);
      checking.abort();
    },
  };
}
