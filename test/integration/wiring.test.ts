import { afterEach, describe, expect, it } from 'vitest';
import type { EditTemplate, RawTemplate } from '#infra/local/emulator/assembly/cloud-assembly.ts';
import {
  ADMIN,
  apiOf,
  newStateDirectory,
  removeStateDirectory,
  startTestStack,
  until,
  type TestStack,
} from '#test/support/stack.ts';

const problems = (stack: TestStack): string =>
  stack.events.flatMap((event) => ('message' in event ? [event.message] : [])).join('\n');

/** What is taken out of the template is missing when it runs, and the stack says what and where. */
describe('The local stack runs the template and nothing else', () => {
  const running: { stack: TestStack | undefined; stateDirectory: string | undefined } = {
    stack: undefined,
    stateDirectory: undefined,
  };
  afterEach(async () => {
    await running.stack?.stop();
    if (running.stateDirectory !== undefined) removeStateDirectory(running.stateDirectory);
    running.stack = undefined;
    running.stateDirectory = undefined;
  });

  async function startWithout(edit: (template: RawTemplate) => number): Promise<TestStack> {
    let removed = 0;
    const editTemplate: EditTemplate = (_stack, template) => {
      removed += edit(template);
    };
    running.stateDirectory = newStateDirectory();
    running.stack = await startTestStack({
      stateDirectory: running.stateDirectory,
      empty: true,
      editTemplate,
    });
    expect(removed).toBeGreaterThan(0);
    return running.stack;
  }

  it('without a route: that path is 404, and the route is named', async () => {
    const stack = await startWithout((template) =>
      removeResources(
        template,
        'AWS::ApiGatewayV2::Route',
        ({ RouteKey: key }) => key === 'GET /api/competitors',
      ),
    );
    const admin = await apiOf(stack, ADMIN);
    expect((await admin('GET', '/api/competitors')).status).toBe(404);
    expect((await admin('GET', '/api/me')).status).toBe(200);
    expect(problems(stack)).toContain('"GET /api/competitors"');
  });

  it('without a permission: the function, the action and the table are named', async () => {
    const stack = await startWithout((template) =>
      editStatements(template, 'AWS::IAM::Policy', 'PolicyDocument', (statement) => {
        const actions = [statement.Action ?? []].flat();
        if (!actions.includes('dynamodb:Query')) return statement;
        return { ...statement, Action: actions.filter((action) => action !== 'dynamodb:Query') };
      }),
    );
    const admin = await apiOf(stack, ADMIN);
    expect((await admin('GET', '/api/competitors')).status).toBe(500);
    const [table] = stack.deployment.tables;
    expect(stack.aws.refusals()).toContainEqual(
      expect.objectContaining({
        caller: expect.stringContaining('competitors-api'),
        action: 'dynamodb:Query',
        resource: expect.stringContaining(table?.arn ?? 'no table'),
      }),
    );
    expect(stack.events).toContainEqual(
      expect.objectContaining({ event: 'refusal', action: 'dynamodb:Query' }),
    );
  });

  it('without the key’s statement for this account: the use of the key is refused by name', async () => {
    const begun = startWithout((template) =>
      editStatements(template, 'AWS::KMS::Key', 'KeyPolicy', (statement) =>
        JSON.stringify(statement.Principal).includes(':root') ? undefined : statement,
      ),
    );
    // It may already be missed while the custom resources run.
    const told = await begun.then(
      async (stack) => {
        const admin = await apiOf(stack, ADMIN);
        await admin('GET', '/api/competitors');
        return problems(stack);
      },
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    expect(told).toMatch(/kms:(Decrypt|GenerateDataKey)/);
    expect(told).toMatch(/arn:aws:kms:/);
  });

  it('without an event source: jobs wait, and the queue that nobody reads is named', async () => {
    const stack = await startWithout((template) =>
      removeResources(template, 'AWS::Lambda::EventSourceMapping', ({ EventSourceArn: arn }) =>
        JSON.stringify(arn).toLowerCase().includes('work'),
      ),
    );
    expect(problems(stack)).toMatch(/Nothing receives from the queue coach-dashboard-dev-work/);
    const admin = await apiOf(stack, ADMIN);
    const { body } = await admin('POST', '/api/admin/jobs', { body: { taskType: 'game_platform_sync' } });
    await until(
      async () => stack.aws.queues().find(({ name }) => name.endsWith('-work'))?.visible ?? 0,
      (visible) => visible > 0,
      'a message that nobody takes',
    );
    expect((await admin('GET', `/api/jobs/${body.jobId}`)).body.status).toBe('pending');
  });
});

function removeResources(
  template: RawTemplate,
  type: string,
  isIt: (properties: Record<string, unknown>) => boolean,
): number {
  const found = Object.entries(template.Resources).filter(
    ([, resource]) => resource.Type === type && isIt(resource.Properties ?? {}),
  );
  for (const [id] of found) delete template.Resources[id];
  return found.length;
}

interface RawStatement {
  readonly Action?: string | string[];
  readonly Principal?: unknown;
}

/** Changes statements, or takes one out where `edit` gives undefined; returns how many changed. */
function editStatements(
  template: RawTemplate,
  type: string,
  property: string,
  edit: (statement: RawStatement) => RawStatement | undefined,
): number {
  let changed = 0;
  for (const { Type, Properties } of Object.values(template.Resources)) {
    if (Type !== type) continue;
    const document = Properties?.[property] as { Statement: RawStatement[] };
    const edited = document.Statement.flatMap((statement) => {
      const after = edit(statement);
      if (after !== statement) changed += 1;
      return after === undefined ? [] : [after];
    });
    document.Statement = edited;
  }
  return changed;
}
