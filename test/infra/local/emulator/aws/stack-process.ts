/** A local stack in a process of its own, to be killed. Prints its addresses and keys as one line of JSON. */
import { startTestStack } from './deployment-fixture.ts';

const { aws } = await startTestStack(process.argv[2]);
process.stdout.write(`${JSON.stringify({ ...aws.addresses, credentials: aws.operatorCredentials })}\n`);
