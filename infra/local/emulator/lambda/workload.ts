import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalAws } from '../aws/local-aws.ts';
import type { Deployment } from '../deployment.ts';
import type { FunctionRunner } from './function-runner.ts';
import { sqsCalls, startPoller, type Poller } from './queue-poller.ts';

/** How long running invocations may go on after the stack was told to stop; their messages come back anyway. */
const GRACE_MS = 3_000;

export interface Workload {
  /** Takes no new messages, lets running invocations end, then ends what still runs. */
  stop(): Promise<void>;
  /** Ends everything in the middle of whatever it does. */
  kill(): Promise<void>;
}

/** Starts the event sources of the deployment, each with the rights of its function. */
export function startWorkload(
  deployment: Deployment,
  aws: LocalAws,
  runner: FunctionRunner,
  onProblem: (message: string) => void,
): Workload {
  const pollers: Poller[] = [];
  for (const source of deployment.eventSources.filter(({ enabled }) => enabled)) {
    const target = deployment.functions.find(({ arn }) => arn === source.functionArn);
    const queue = deployment.queues.find(({ arn }) => arn === source.queueArn);
    if (target === undefined || queue === undefined) {
      onProblem(
        `The event source of ${source.queueArn} for ${source.functionArn} has no ${target === undefined ? 'function' : 'queue'}.`,
      );
      continue;
    }
    pollers.push(
      startPoller({
        source,
        functionName: target.name,
        region: deployment.region,
        queue: sqsCalls(
          queue.url,
          deployment.region,
          aws.addresses.awsUrl,
          aws.credentialsFor(target.roleArn),
        ),
        invoke: (event, messageHeaders) => runner.invoke(target.arn, event, messageHeaders),
        onProblem,
      }),
    );
  }
  return {
    async stop() {
      const done = Promise.all(pollers.map((poller) => poller.stop()));
      await Promise.race([done, sleep(GRACE_MS, undefined, { ref: false })]);
      await runner.stop();
      await done;
    },
    async kill() {
      await runner.stop();
      await Promise.all(pollers.map((poller) => poller.stop()));
    },
  };
}
