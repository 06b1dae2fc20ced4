import { createSeedDemo } from '#infra/local/product/demo/seed-demo.ts';
import { startLocalStack } from '#infra/local/local-stack.ts';

/** Run by `seeded-state.ts`, in a process of its own: puts the demo of the two coaches into a state folder. */
const [, , stateDirectory = ''] = process.argv;
const stack = await startLocalStack({ stateDirectory, port: 0, seedDemo: createSeedDemo({ coaches: 2 }) });
await stack.stop();
