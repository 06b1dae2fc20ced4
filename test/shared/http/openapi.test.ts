import { version } from '../../../package.json';
import { describe, expect, it } from 'vitest';
import { TASKS } from '#shared/composition/tasks.ts';
import { openApiDocument } from '#shared/http/openapi.ts';
import { ROUTES } from '#shared/http/routes.ts';
import { taskTypeNames } from '#shared/jobs/task-definition.ts';

const NAMES = taskTypeNames(TASKS);

interface Document {
  readonly openapi: string;
  readonly paths: Record<
    string,
    Record<
      string,
      {
        readonly operationId: string;
        readonly parameters: { readonly name: string; readonly in: string; readonly required: boolean }[];
        readonly security?: unknown[];
        readonly requestBody?: {
          readonly content: Record<string, { readonly schema: Record<string, unknown> }>;
        };
        readonly responses: Record<string, unknown>;
      }
    >
  >;
}

const document = JSON.parse(JSON.stringify(openApiDocument('1.2.3', NAMES))) as Document;
const operation = (method: string, path: string) => document.paths[path]![method]!;

describe('API document', () => {
  it('has every route, and no other', () => {
    const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(documented.toSorted()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).toSorted());
  });

  it('names every operation once and every path variable', () => {
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
    for (const { method, path } of ROUTES) {
      const { parameters } = operation(method.toLowerCase(), path);
      const inPath = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => `{${name}}`);
      expect(inPath).toEqual(path.match(/\{\w+\}/g) ?? []);
    }
  });

  it('asks for a token everywhere but on public routes', () => {
    for (const { method, path, access } of ROUTES) {
      expect(operation(method.toLowerCase(), path).security).toEqual(access === 'public' ? [] : undefined);
    }
  });

  it('tells bodies as they are sent and answers as they come', () => {
    const create = operation('post', '/api/competitors');
    expect(create.requestBody?.content['application/json']?.schema).toMatchObject({
      type: 'object',
      required: ['firstName', 'lastName'],
      additionalProperties: false,
    });
    expect(create.responses['201']).toMatchObject({
      content: { 'application/json': { schema: { type: 'object' } } },
    });
    const patch = operation('patch', '/api/competitors/{id}');
    expect(patch.parameters).toContainEqual(expect.objectContaining({ name: 'if-match', required: true }));
    expect(Object.keys(patch.responses)).toEqual(expect.arrayContaining(['404', '412', '422', '428']));
  });

  it('lies in the repository as it is served; `npx vitest run test/shared/http -u` writes it anew', async () => {
    await expect(`${JSON.stringify(openApiDocument(version, NAMES), null, 2)}\n`).toMatchFileSnapshot(
      '../../../docs/openapi.json',
    );
  });

  it('holds nothing that only JavaScript would understand', () => {
    const text = JSON.stringify(document);
    expect(text).not.toMatch(/9007199254740991|\$schema|~standard/);
    expect(document.openapi).toBe('3.1.0');
  });
});
