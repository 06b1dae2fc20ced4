import { describe, expect, it } from 'vitest';
import { createRouteTable } from '#infra/local/emulator/edge/routes.ts';

const keys = [
  '$default',
  'ANY /api/{proxy+}',
  'GET /api/items/{id}',
  'GET /api/items/special',
  'POST /api/items/{id}',
  'ANY /api/items/{id}',
  'GET /api/items/{id}/parts/{part}',
  'GET /api/{kind}/special',
];
const find = createRouteTable(
  keys.map((key) => ({ key, functionArn: key, authorizer: undefined, scopes: [] })),
);

describe('the route of a request', () => {
  it.each([
    ['GET', '/api/items/special', 'GET /api/items/special', {}],
    ['GET', '/api/items/7', 'GET /api/items/{id}', { id: '7' }],
    ['POST', '/api/items/7', 'POST /api/items/{id}', { id: '7' }],
    ['DELETE', '/api/items/7', 'ANY /api/items/{id}', { id: '7' }],
    ['GET', '/api/other/special', 'GET /api/{kind}/special', { kind: 'other' }],
    ['GET', '/api/items/7/parts/x', 'GET /api/items/{id}/parts/{part}', { id: '7', part: 'x' }],
    ['GET', '/api/items/7/parts', 'ANY /api/{proxy+}', { proxy: 'items/7/parts' }],
    ['GET', '/api/items/', 'ANY /api/{proxy+}', { proxy: 'items/' }],
    ['GET', '/api/', '$default', {}],
    ['GET', '/elsewhere', '$default', {}],
  ])('%s %s is %s', (method, path, key, pathParameters) => {
    expect(find(method, path)).toEqual({ route: expect.objectContaining({ key }), pathParameters });
  });

  it('is none without a $default', () => {
    const bare = createRouteTable([{ key: 'GET /a', functionArn: 'f', authorizer: undefined, scopes: [] }]);
    expect(bare('POST', '/a')).toBeUndefined();
    expect(bare('GET', '/b')).toBeUndefined();
  });
});
