import { createRequire } from 'node:module';
import type { Documents } from '../state-database.ts';
import { PoolStore } from './pool-store.ts';

/** The parts of cognito-local that are used, which its package has no types for. */
export interface CognitoUser {
  readonly Username: string;
  readonly Password: string;
  readonly Enabled: boolean;
  readonly UserStatus: string;
  readonly Attributes: readonly { readonly Name: string; readonly Value?: string }[];
}

export interface CognitoPool {
  getUserByUsername(context: Context, username: string): Promise<CognitoUser | null>;
  listUserGroupMembership(context: Context, user: CognitoUser): Promise<readonly string[]>;
  saveUser(context: Context, user: CognitoUser): Promise<void>;
  getGroupByGroupName(context: Context, name: string): Promise<unknown>;
  saveGroup(context: Context, group: Readonly<Record<string, unknown>>): Promise<void>;
}

interface Context {
  readonly logger: typeof silent;
}

export interface Invitation {
  readonly destination: string;
  readonly code: string;
}

export interface CognitoLocal {
  readonly context: Context;
  ensurePool(id: string, arn: string): Promise<CognitoPool>;
  /** One API operation; throws cognito-local's errors, which carry `code`. */
  call(operation: string, body: unknown): Promise<unknown>;
}

const silent = {
  debug: (): void => {},
  info: (): void => {},
  warn: (): void => {},
  error: (): void => {},
  child: (): unknown => silent,
};

const context: Context = { logger: silent };

/**
 * cognito-local in this process, without its server, its files, its published signing key and its Lambda triggers.
 * It signs in people with their email address, as the pools of the template do.
 */
export async function loadCognitoLocal(
  documents: Documents,
  emptyDirectory: string,
  onInvitation: (invitation: Invitation) => void,
): Promise<CognitoLocal> {
  const require = createRequire(import.meta.url);
  const { Router } = require('cognito-local/lib/server/Router');
  const { CognitoServiceFactoryImpl } = require('cognito-local/lib/services/cognitoService');
  const { UserPoolServiceFactoryImpl } = require('cognito-local/lib/services/userPoolService');

  const clock = { get: () => new Date() };
  const stores = {
    create: (_context: unknown, id: string, defaults: Readonly<Record<string, unknown>>) =>
      Promise.resolve(new PoolStore(documents, id, defaults)),
  };
  const pools = new UserPoolServiceFactoryImpl(clock, stores);
  const service = await new CognitoServiceFactoryImpl(emptyDirectory, stores, pools).create(context, {
    UsernameAttributes: ['email'],
  });
  const router = Router({
    clock,
    cognito: service,
    config: {},
    messages: {
      deliver: (
        _context: unknown,
        _source: unknown,
        _client: unknown,
        _pool: unknown,
        _user: unknown,
        code: string,
        _metadata: unknown,
        delivery: { readonly Destination: string },
      ) => {
        onInvitation({ destination: delivery.Destination, code });
        return Promise.resolve();
      },
    },
    otp: () => '000000',
    tokenGenerator: { generate: () => Promise.reject(new Error('Tokens come from the managed login.')) },
    triggers: { enabled: () => false },
  });

  return {
    context,
    ensurePool: async (id, arn) => {
      await service.createUserPool(context, { Id: id, Arn: arn, Name: id });
      return service.getUserPool(context, id);
    },
    call: (operation, body) => router(operation)(context, body),
  };
}
