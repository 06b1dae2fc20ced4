import { createSeedDemo } from '#infra/local/product/demo/seed-demo.ts';
import { startLocalStack } from '#infra/local/local-stack.ts';

/**
 * Run by `seeded-state.ts`, in a process of its own: puts the demo of the two coaches into a state folder. No worker
 * takes the messages of the schedules, which fire when they are made, so that nothing but the demo is in the table.
 */
const [, , stateDirectory = ''] = process.argv;
const stack = await startLocalStack({
  stateDirectory,
  port: 0,
  seedDemo: createSeedDemo({ coaches: 2 }),
  editTemplate: (_stack, { Resources: resources }) => {
    for (const { Type: type, Properties: properties } of Object.values(resources)) {
      if (type === 'AWS::Lambda::EventSourceMapping') Object.assign(properties ?? {}, { Enabled: false });
    }
  },
});
await stack.stop();
