import { Console } from 'node:console';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OwnError } from '#shared/kernel/errors.ts';
import { createLog } from '#shared/kernel/log.ts';
import { recordingLog } from './recording-log.ts';

describe('context', () => {
  it('belongs to the log that was made with it, not to others', () => {
    const { log, lines } = recordingLog();
    const first = log.with({ requestId: 'req-1' });
    const second = log.with({ requestId: 'req-2' }).with({ jobId: 'job-2' });
    first.info('one', { status: 200 });
    second.warn('two');
    log.info('three');
    expect(lines).toEqual([
      { level: 'info', message: 'one', fields: { requestId: 'req-1', status: 200 } },
      { level: 'warn', message: 'two', fields: { requestId: 'req-2', jobId: 'job-2' } },
      { level: 'info', message: 'three', fields: {} },
    ]);
  });

  it('describes errors beside the fields', () => {
    const { log, lines } = recordingLog();
    log.error('broke', { jobId: 'job-1' }, new OwnError('too far'));
    expect(lines[0]?.fields).toMatchObject({
      jobId: 'job-1',
      failure: { name: 'Error', message: 'too far' },
    });
  });
});

describe('the log of a function', () => {
  const written = new PassThrough();
  beforeEach(() => {
    vi.stubEnv('POWERTOOLS_DEV', 'true');
    vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'coach-dashboard-test');
    vi.stubGlobal('console', new Console(written, written));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.unstubAllGlobals();
  });

  it('writes one JSON object a line with service, level and fields', () => {
    createLog()
      .with({ requestId: 'req-9' })
      .info('hello', { status: 204, fields: ['a', 'b'] });
    const line: unknown = JSON.parse(String(written.read()));
    expect(line).toMatchObject({
      level: 'INFO',
      message: 'hello',
      service: 'coach-dashboard-test',
      requestId: 'req-9',
      status: 204,
      fields: ['a', 'b'],
    });
  });
});
