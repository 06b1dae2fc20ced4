import { join } from 'node:path';
import { startLocalAws, type LocalAws } from './aws/local-aws.ts';
import { keptPort } from './ports.ts';
import type { OnStackEvent } from './stack-events.ts';
import type { StackState } from './state/stack-state.ts';

/** Starts the stand-ins on the ports they had, so that tokens and stored addresses hold; told with every refusal. */
export async function openAws(
  stateDirectory: string,
  ports: StackState['ports'],
  onEvent: OnStackEvent,
): Promise<LocalAws> {
  const [awsPort, loginPort] = await Promise.all([keptPort(ports.aws), keptPort(ports.login)]);
  const aws = await startLocalAws({
    stateDirectory: join(stateDirectory, 'aws'),
    ...(awsPort === undefined ? {} : { awsPort }),
    ...(loginPort === undefined ? {} : { loginPort }),
    onLog: (entry) => onEvent({ event: 'log', ...entry }),
  });
  aws.onRefusal((refusal) => onEvent({ event: 'refusal', ...refusal }));
  return aws;
}

export const portsOf = ({ addresses }: LocalAws) => ({
  aws: Number(new URL(addresses.awsUrl).port),
  login: Number(new URL(addresses.loginUrl).port),
});
