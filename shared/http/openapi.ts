import * as z from 'zod';
import { ACT_AS_HEADER, ACTING_HEADER, type Route } from '#shared/kernel/contract.ts';
import { PROBLEM_CONTENT_TYPE, problemSchema } from '#shared/kernel/problem.ts';
import { ROUTES } from './routes.ts';

/** The names that a string may have, by its schema, where only the whole product knows them. */
export type Names = ReadonlyMap<z.core.$ZodType, readonly string[]>;

/** JSON Schema without what OpenAPI 3.1 says already (the dialect) and what says nothing (JavaScript's own limits). */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output', names: Names): object {
  const {
    $schema: _dialect,
    '~standard': _standard,
    ...rest
  } = z.toJSONSchema(schema, {
    io,
    override: ({ zodSchema, jsonSchema: made }) => {
      const known = names.get(zodSchema);
      if (known !== undefined) made.enum = [...known];
      if (made.minimum === Number.MIN_SAFE_INTEGER) delete made.minimum;
      if (made.maximum === Number.MAX_SAFE_INTEGER) delete made.maximum;
    },
  });
  return rest;
}

const json = (schema: z.ZodType, io: 'input' | 'output', names: Names) => ({
  'application/json': { schema: jsonSchema(schema, io, names) },
});

const TEXT = { type: 'string' };
const PROBLEM = { $ref: '#/components/schemas/Problem' };

const problemResponse = (description: string) => ({
  description,
  content: { [PROBLEM_CONTENT_TYPE]: { schema: PROBLEM } },
});

const header = (name: string, required: boolean, description: string) => ({
  name,
  in: 'header',
  required,
  description,
  schema: { type: 'string' },
});

function parametersOf(route: Route, names: Names): object[] {
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(route.query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema: schema instanceof z.ZodType ? jsonSchema(schema, 'output', names) : {},
  }));
  const isWrite = (route.method === 'POST' || route.method === 'PATCH') && route.rate !== 'read';
  return [
    ...inPath,
    ...inQuery,
    ...(route.actAs === true
      ? [
          header(ACT_AS_HEADER, false, 'An admin acts with exactly this coach’s rights.'),
          header(ACTING_HEADER, false, 'An act that was started with a reason; refused once that is over.'),
        ]
      : []),
    ...(route.revalidated === true
      ? [header('if-none-match', false, 'The `ETag` of an answer that one has: 304 while it is the same.')]
      : []),
    ...(route.ifMatch === true ? [header('if-match', true, 'The version that is changed, quoted.')] : []),
    ...(isWrite
      ? [
          header(
            'idempotency-key',
            false,
            'Kept 24 h: the same request again gets the first one’s status and id, and “idempotency-replayed: true”.',
          ),
        ]
      : []),
  ];
}

function responsesOf(route: Route, names: Names): Record<string, object> {
  const { status, description, schema, contentType } = route.success;
  const plain =
    contentType === undefined ? { 'application/json': { schema: {} } } : { [contentType]: { schema: TEXT } };
  const content = schema === undefined ? plain : json(schema, 'output', names);
  const known = Object.entries(route.problems ?? {}).map(([problemStatus, codes]) => [
    problemStatus,
    problemResponse(codes.join(', ')),
  ]);
  return {
    [status]: { description, content },
    ...(route.deferred === undefined
      ? {}
      : {
          202: {
            description: route.deferred.description,
            content: json(route.deferred.schema, 'output', names),
          },
        }),
    ...(route.access === 'public'
      ? {}
      : {
          401: problemResponse('No access token, or a bad one.'),
          403: problemResponse('The role does not allow it.'),
        }),
    ...(route.revalidated === true ? { 304: { description: 'Unchanged.' } } : {}),
    ...(route.path.includes('{') ? { 404: problemResponse('Unknown, or not yours.') } : {}),
    ...(route.ifMatch === true
      ? {
          412: problemResponse('The version is not the newest.'),
          428: problemResponse('If-Match is missing.'),
        }
      : {}),
    ...(route.body === undefined && route.query === undefined
      ? {}
      : { 422: problemResponse('VALIDATION_FAILED') }),
    ...Object.fromEntries(known),
    default: problemResponse('Any other failure.'),
  };
}

function operationObject(route: Route, names: Names): object {
  return {
    summary: route.summary,
    operationId: `${route.method.toLowerCase()}${route.path.replaceAll(/[^A-Za-z]+(\w?)/g, (_, letter: string) => letter.toUpperCase())}`,
    parameters: parametersOf(route, names),
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, content: json(route.body, 'input', names) } }),
    ...(route.file === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            description: route.file,
            content: { 'text/csv': { schema: TEXT }, 'application/octet-stream': { schema: TEXT } },
          },
        }),
    responses: responsesOf(route, names),
    ...(route.access === 'public' ? { security: [] } : {}),
    'x-access': route.access,
  };
}

/** The API as an OpenAPI 3.1 document, from the route list and the zod schemas that requests and answers go through. */
export function openApiDocument(version: string, names: Names): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of ROUTES) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationObject(route, names) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Coach Dashboard',
      version,
      description:
        'JSON; times are ISO 8601 in UTC. Errors are application/problem+json with a stable `code`; the gateway’s own ' +
        '401, 429 and 503 answer `{ message }` instead. Lists are `{ items, nextCursor }`.',
    },
    servers: [{ url: '/' }],
    security: [{ accessToken: [] }],
    components: {
      securitySchemes: {
        accessToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'A Cognito access token with the scope openid.',
        },
      },
      schemas: { Problem: jsonSchema(problemSchema, 'output', names) },
    },
    paths,
  };
}
