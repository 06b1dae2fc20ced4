import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalStack } from '#infra/local/local-stack.ts';
import { createSeedDemo } from '#infra/local/product/demo/seed-demo.ts';
import type { StackEvent } from '#infra/local/stack-events.ts';
import { benchArguments } from '#test/bench/arguments.ts';
import { textTable } from '#test/bench/table.ts';
import { fuzz } from './run.ts';
import { ROLES } from './world.ts';

/**
 * `npm run fuzz`: requests that are right, nearly right or spoiled, made from the contracts of all routes, in every role,
 * against the local stack. Ends with code 1 when an answer was not what the API owes.
 */

/** No request has this index: all are sent. */
const ALL = 1e9;
const options = benchArguments({ seed: 1, requests: 10_000, from: 0, only: ALL, minutes: 0 });

/** `200×3 422×1`, for each role. */
const statusesOf = (byRole: ReadonlyMap<string, ReadonlyMap<string, number>>): string[] =>
  ROLES.map((role) =>
    [...(byRole.get(role) ?? [])]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([status, count]) => `${status}×${count}`)
      .join(' '),
  );

const stateDirectory = mkdtempSync(join(tmpdir(), 'coach-dashboard-fuzz-'));
const events: StackEvent[] = [];
const stack = await startLocalStack({
  stateDirectory,
  port: 0,
  seedDemo: createSeedDemo({ coaches: 2 }),
  onEvent: (event) => events.push(event),
});
console.log('The stack runs.');
const begun = performance.now();
try {
  const report = await fuzz(
    { ...stack, events },
    {
      seed: options.seed,
      requests: options.requests,
      from: options.from,
      ...(options.only === ALL ? {} : { only: options.only }),
      ...(options.minutes === 0 ? {} : { until: Date.now() + options.minutes * 60_000 }),
      onAnswer: (sent, found) => {
        for (const { kind, what, text, index } of found) {
          console.log(
            `\n${kind}: ${what}\n  ${text}\n  npm run fuzz -- --seed ${options.seed} --only ${index}`,
          );
        }
        if (sent % 100 === 0) console.log(`${sent} of ${options.requests}`);
      },
    },
  );
  const routes = new Map<string, Map<string, Map<string, number>>>();
  for (const [key, count] of report.counts) {
    const [route = '', role = '', status = ''] = key.split('\t');
    const byRole = routes.get(route) ?? new Map<string, Map<string, number>>();
    const byStatus = byRole.get(role) ?? new Map<string, number>();
    routes.set(route, byRole.set(role, byStatus.set(status, count)));
  }
  console.log(
    textTable(
      ['route', ...ROLES],
      [...routes]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([route, byRole]) => [route].concat(statusesOf(byRole))),
    ),
  );
  console.log(
    textTable(
      ['slowest', 'ms'],
      report.slowest.map(({ what, ms }) => [what, ms.toFixed(0)]),
    ),
  );
  const seconds = ((performance.now() - begun) / 1_000).toFixed(0);
  console.log(
    `\nSeed ${options.seed}: ${report.requests} requests in ${seconds} s, ${report.findings.length} findings`,
  );
  process.exitCode = report.findings.length > 0 ? 1 : 0;
} finally {
  await stack.stop();
  rmSync(stateDirectory, { recursive: true, force: true, maxRetries: 5 });
}
