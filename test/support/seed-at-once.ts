import type { SeedContext, SeedDemo } from '#infra/local/product/demo/seed-demo.ts';

/** Other data than the demo for a local stack, put before it starts. */
export const seedAtOnce = (seed: (context: SeedContext) => Promise<void>): SeedDemo =>
  async function* (context) {
    await seed(context);
    yield { coaches: 1, of: 1, teams: 0, competitors: 0, solves: 0, usable: true };
  };

/** The sign-ins and nothing else, also where the seeded state would be copied otherwise. */
export const NO_DEMO: SeedDemo = seedAtOnce(() => Promise.resolve());
