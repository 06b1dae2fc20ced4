import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { defineConfig } from 'vitest/config';

/** A guard against tests that hang, and nothing else: a busy machine is no reason to fail. */
const HANG_MS = 600_000;
const hangs = { testTimeout: HANG_MS, hookTimeout: HANG_MS, expect: { poll: { timeout: HANG_MS / 2 } } };

/** Unit tests that need a process of their own: they take over its clock, or its environment and the SDK's clients. */
const APART = ['test/chaos/**/*.test.ts', 'test/functions/**/*.test.ts'];

/**
 * They take longest, the longest first: begun last, one of them would be waited for alone. Those that mostly wait, for
 * a slow platform or a minute's schedule, stand among those that compute.
 */
const LONGEST = [
  'e2e/dead-letters.test.ts',
  'e2e/schedules.test.ts',
  'e2e/settings.test.ts',
  'integration/roster-plan.test.ts',
  'e2e/teams.test.ts',
  'integration/vendor-contract.test.ts',
  'e2e/jobs.test.ts',
  'integration/call-budget.test.ts',
];

const rank = ({ moduleId }: TestSpecification): number => {
  const place = LONGEST.findIndex((file) => moduleId.endsWith(file));
  return place === -1 ? LONGEST.length : place;
};

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // Vitest's own method, which changes nothing in place.
    // oxlint-disable-next-line unicorn/no-array-sort
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}

/** Projects by what they need: nothing, a process of their own, the local stack and in part a browser. */
export default defineConfig({
  test: {
    // Left to itself it keeps one core free, half of a small machine.
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/integration/**', 'test/e2e/**', ...APART],
          // Loading the SDK, React and the product anew for every file took more than most of the tests.
          isolate: false,
          setupFiles: ['test/support/leave-clean.ts'],
          ...hangs,
        },
      },
      { test: { name: 'apart', include: APART, ...hangs } },
      {
        test: {
          name: 'stack',
          include: ['test/integration/**/*.test.ts', 'test/e2e/**/*.test.ts'],
          globalSetup: ['test/support/seeded-state.ts', 'test/e2e/packaged-browser.ts'],
          // Each file has a stack of its own, and in part a browser: three at a time keep two cores busy.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          ...hangs,
        },
      },
    ],
  },
});
