import { mockClient as replaceClient } from 'aws-sdk-client-mock';
import { afterAll } from 'vitest';

/**
 * A class of the SDK's clients with answers of the test's own, for a test file: the file that comes next in the same
 * process has the real one again. Called at the top of a file or of a `describe`.
 */
export const mockClient: typeof replaceClient = (client) => {
  const mocked = replaceClient(client);
  afterAll(() => {
    mocked.restore();
  });
  return mocked;
};
