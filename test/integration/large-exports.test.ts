import { S3Client, GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportDownloadSchema, type ExportDownload } from '#shared/exports/contract.ts';
import { createDynamoExportSources } from '#shared/composition/exports.ts';
import { EXPORT_TASKS } from '#shared/exports/tasks.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { createMemoryScratch, type CsvCursor } from '#shared/kernel/csv/csv-source.ts';
import { csvLines } from '#shared/kernel/csv/write-csv.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import { keys } from '#shared/table/keys.ts';
import { itemsOf } from '#test/support/dynamodb.ts';
import {
  ADMIN,
  apiOf,
  COACH,
  finished,
  OTHER_COACH,
  until,
  useLocalStack,
  type Api,
} from '#test/support/stack.ts';
import { tightAnswers } from '#test/support/tight-answers.ts';

const FILES = ['leaderboard', 'solves', 'flash-ctf', 'roster'] as const;
const pathOf = (name: string) => `/api/game-platform/exports/${name}.csv`;

/** What is the same in a file that was made a moment later: all but when the roster says that it was made. */
const comparable = (csv: string): string => csv.replaceAll(/,\d{4}-\d\d-\d\d \d+:\d\d [AP]M\r\n/g, '\r\n');

const prepared = (api: Api, jobId: string): Promise<ExportDownload> =>
  until(
    async () => exportDownloadSchema.parse((await api('GET', `/api/jobs/${jobId}/download`)).body),
    ({ state }) => state !== 'preparing',
    'the file',
  );
const ask = async (api: Api, path: string): Promise<string> => {
  const answer = await api('GET', path);
  expect(answer.status).toBe(202);
  return answer.body.jobId;
};

/** Files through the synthesized app with its rights. */
describe('A file that is too much for one answer', () => {
  const stack = useLocalStack({ editTemplate: tightAnswers(100) });
  let admin: Api;
  let coach: Api;
  beforeAll(async () => {
    [admin, coach] = await Promise.all([apiOf(stack(), ADMIN), apiOf(stack(), COACH)]);
  });

  /** What the API would have answered where one answer holds it. */
  async function atOnce(jobId: string): Promise<string> {
    const { table } = stack();
    const job = await createJobRepository(table).byId(jobId);
    const payload = EXPORT_TASKS.table_export.payload.parse(job?.payload);
    const timeZone = 'America/Los_Angeles';
    const { slaHours } = (await createSettingsRepository(table).syncSettings()).settings;
    const sources = createDynamoExportSources({
      table,
      timeZone,
      slaHours: async () => slaHours,
      inactiveDays: () => Promise.resolve(14),
      now: systemClock,
    });
    const source = await sources(payload, createMemoryScratch());
    if (source === null) throw new Error('There is nothing to write.');
    let csv = '';
    let cursor: CsvCursor | null = null;
    do {
      const step = await source(cursor);
      csv += csvLines(step.lines, csv === '' && step.lines.length > 0);
      cursor = step.next;
    } while (cursor !== null);
    return csv;
  }
  it.each(FILES)(
    'is what one answer would have been, under an address that needs no sign-in: %s',
    async (name) => {
      const jobId = await ask(coach, pathOf(name));
      const { state, url, rows } = await prepared(coach, jobId);
      expect(state).toBe('ready');
      const file = await fetch(url ?? '');
      expect(Object.fromEntries(file.headers)).toMatchObject({
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="${name}.csv"`,
        'cache-control': 'no-store',
      });
      // As bytes: reading a text takes the byte order mark away.
      const csv = Buffer.from(await file.arrayBuffer()).toString();
      expect(csv.codePointAt(0)).toBe(0xfe_ff);
      expect(comparable(csv)).toBe(comparable(await atOnce(jobId)));
      expect(csv.trimEnd().split('\r\n').length - rows).toBe(name === 'roster' ? 1 : 2);
    },
  );

  it('of all coaches holds everybody, and is noted by whom it was fetched', async () => {
    const jobId = await ask(admin, pathOf('roster'));
    const { rows } = await prepared(admin, jobId);
    const people = await Promise.all(
      [coach, await apiOf(stack(), OTHER_COACH)].map(
        async (api) => (await api('GET', '/api/competitors?limit=200')).body.items.length,
      ),
    );
    expect(rows).toBeGreaterThanOrEqual(Math.max(...people));
    const audit = await itemsOf(stack().table, keys.audit(new Date().toISOString().slice(0, 10), '', '').pk);
    expect(audit).toContainEqual(
      expect.objectContaining({
        action: 'roster.export',
        subject: 'everybody',
        details: { people: rows, jobId },
      }),
    );
    expect(await finished(admin, jobId)).toMatchObject({ status: 'succeeded', result: { rows } });
  });

  it('lies in the bucket under the id of its job, and nowhere in the table is anybody named', async () => {
    const jobId = await ask(coach, pathOf('leaderboard'));
    await prepared(coach, jobId);
    const { aws, deployment } = stack();
    const bucket = deployment.buckets.find(({ keyArn }) => keyArn !== undefined);
    const client = new S3Client({
      region: deployment.region,
      endpoint: aws.addresses.awsUrl,
      credentials: aws.operatorCredentials,
    });
    const object = await client.send(
      new GetObjectCommand({ Bucket: bucket?.name ?? '', Key: `files/${jobId}` }),
    );
    expect(object.ContentType).toBe('text/csv; charset=utf-8');
    expect(bucket?.lifecycle).toMatchObject([{ expirationDays: 1, abortUploadDays: 1, prefix: '' }]);
    await expect(client.send(new ListObjectsV2Command({ Bucket: bucket?.name ?? '' }))).rejects.toThrow(
      'not part of the local stack',
    );
    const row = (await itemsOf(stack().table, keys.jobPartition(jobId))).find(
      ({ type }) => type === 'export_file',
    );
    expect(row).toMatchObject({
      ended: true,
      parts: [{ etag: expect.any(String), checksum: expect.stringMatching(/^.{8}$/) }],
    });
    expect(await stack().leaks()).toEqual([]);
    expect(stack().aws.refusals()).toEqual([]);
  });

  it('is kept from other coaches, and from an admin who acts as the coach who asked', async () => {
    const jobId = await ask(coach, pathOf('solves'));
    await prepared(coach, jobId);
    const path = `/api/jobs/${jobId}/download`;
    const me = (await coach('GET', '/api/me')).body;
    const other = await apiOf(stack(), OTHER_COACH);
    expect((await other('GET', path)).status).toBe(404);
    expect((await admin('GET', path, { headers: { 'x-act-as': me.coachId ?? me.coach?.id } })).status).toBe(
      404,
    );
    expect(await admin('GET', path)).toMatchObject({ status: 200, body: { state: 'ready' } });
  });

  it('is no longer offered once somebody was erased, and the new one is without them', async () => {
    const { body: juno } = await coach('POST', '/api/competitors', {
      body: { firstName: 'Juno', lastName: 'Quillfeather', adult: false },
    });
    const before = await ask(coach, pathOf('roster'));
    expect(await prepared(coach, before)).toMatchObject({ state: 'ready' });
    const erased = await coach('DELETE', `/api/competitors/${juno.id}`);
    await finished(coach, erased.body.jobId);
    expect(await prepared(coach, before)).toMatchObject({
      state: 'expired',
      url: null,
      message: expect.stringContaining('Ask for it again'),
    });
    const { url } = await prepared(coach, await ask(coach, pathOf('roster')));
    expect(await (await fetch(url ?? '')).text()).not.toContain('Quillfeather');
  });

  it('outlasts lost answers and throttled calls of the bucket', async () => {
    const { aws } = stack();
    for (const action of ['s3:CreateMultipartUpload', 's3:UploadPart', 's3:CompleteMultipartUpload']) {
      aws.injectFault({ action, probability: 1, kind: 'lostAnswer', times: 1 });
      aws.injectFault({ action, probability: 1, kind: 'throttle', times: 1 });
    }
    const jobId = await ask(coach, pathOf('solves'));
    const { state, url } = await stack().dispatching(prepared(coach, jobId));
    aws.clearFaults();
    expect(state).toBe('ready');
    expect((await fetch(url ?? '')).status).toBe(200);
  });
});
