import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Deployment } from '../../deployment.ts';
import { cognitoAccess } from '../access/cognito-access.ts';
import { isRecord } from '../access/requirement.ts';
import type { ResourceNames } from '../access/resource-names.ts';
import { AwsError, jsonAnswer } from '../gateway/aws-answer.ts';
import type { StandIn } from '../gateway/dispatcher.ts';
import type { LocalAwsLog } from '../local-aws.ts';
import type { Documents } from '../state-database.ts';
import {
  loadCognitoLocal,
  type CognitoLocal,
  type CognitoPool,
  type CognitoUser,
  type Invitation,
} from './cognito-local.ts';
import { attributeOf, createUserDirectory, type UserDirectory } from './user-directory.ts';

export interface Cognito {
  readonly standIn: StandIn;
  readonly directory: UserDirectory;
}

export interface CognitoParts {
  readonly stateDirectory: string;
  readonly documents: Documents;
  readonly deployment: Deployment;
  readonly names: ResourceNames;
  /** Ends a person's tokens. Browsers that managed login remembers stay so, as on AWS. */
  readonly signOut: (poolId: string, username: string) => void;
  readonly onLog: (entry: LocalAwsLog) => void;
}

const userInputSchema = z.looseObject({ UserPoolId: z.string(), Username: z.string() });
const resendInputSchema = z.looseObject({ TemporaryPassword: z.string().optional() });
const domainInputSchema = z.looseObject({ Domain: z.string().regex(/^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/) });
const listInputSchema = z.looseObject({
  UserPoolId: z.string(),
  Limit: z.number().int().min(1).max(60).default(60),
  PaginationToken: z.string().optional(),
  NextToken: z.string().optional(),
});

/** User pools by cognito-local, with what it lacks or gets wrong done here. */
export async function startCognito(parts: CognitoParts): Promise<Cognito> {
  // cognito-local reads a folder of pools at its start; its data is in the state database instead.
  const emptyDirectory = join(parts.stateDirectory, 'cognito-local');
  mkdirSync(emptyDirectory, { recursive: true });
  const mailbox = new Mailbox(join(parts.stateDirectory, 'mail'), parts.onLog);
  const local = await loadCognitoLocal(parts.documents, emptyDirectory, (invitation) => {
    mailbox.invite(invitation);
  });

  const pools = new Map<string, CognitoPool>();
  for (const resource of parts.deployment.userPools) {
    const pool = await local.ensurePool(resource.id, resource.arn);
    for (const group of resource.groups) await ensureGroup(local, pool, resource.id, group);
    pools.set(resource.id, pool);
  }
  const directory = createUserDirectory(local, pools);

  const operations: Readonly<Record<string, (body: unknown) => Promise<unknown>>> = {
    AdminUserGlobalSignOut: async (body) => {
      const { poolId, user } = await known(directory, body);
      parts.signOut(poolId, user.Username);
      return {};
    },
    AdminResetUserPassword: async (body) => {
      const { poolId, user } = await known(directory, body);
      await directory.save(poolId, { ...user, UserStatus: 'RESET_REQUIRED' });
      return {};
    },
    AdminListGroupsForUser: async (body) => {
      const { user } = await known(directory, body);
      return local.call('AdminListGroupsForUser', {
        ...(isRecord(body) ? body : {}),
        Username: user.Username,
      });
    },
    AdminCreateUser: async (body) =>
      isRecord(body) && body['MessageAction'] === 'RESEND'
        ? inviteAgain(directory, mailbox, body)
        : local.call('AdminCreateUser', withEmail(body)),
    AdminDisableUser: async (body) => {
      const { poolId, user } = await known(directory, body);
      const answer = await local.call('AdminDisableUser', body);
      parts.signOut(poolId, user.Username);
      return answer;
    },
    DescribeUserPoolDomain: async (body) => ({
      DomainDescription: domainOf(parts.deployment, domainInputSchema.parse(body).Domain),
    }),
    ListUsers: async (body) => paged(await local.call('ListUsers', body), 'Users', 'PaginationToken', body),
    ListUsersInGroup: async (body) =>
      paged(await local.call('ListUsersInGroup', body), 'Users', 'NextToken', body),
  };

  return {
    directory,
    standIn: {
      access: (operation, body) => cognitoAccess(operation, body, parts.names),
      answer: async ({ operation, body }) => {
        const input = normalized(body);
        try {
          const own = operations[operation];
          const output = await (own === undefined ? local.call(operation, input) : own(input));
          return jsonAnswer('cognito-idp', wire(output));
        } catch (error) {
          throw asAwsError(error);
        }
      },
    },
  };
}

async function ensureGroup(
  local: CognitoLocal,
  pool: CognitoPool,
  poolId: string,
  name: string,
): Promise<void> {
  const existing = await pool.getGroupByGroupName(local.context, name);
  if (existing === null || existing === undefined) {
    await local.call('CreateGroup', { UserPoolId: poolId, GroupName: name });
  }
}

async function known(
  directory: UserDirectory,
  body: unknown,
): Promise<{ readonly poolId: string; readonly user: CognitoUser }> {
  const { UserPoolId: poolId, Username: username } = userInputSchema.parse(body);
  const user = await directory.find(poolId, username);
  if (user === undefined) throw new AwsError('UserNotFoundException', 'User does not exist.');
  return { poolId, user };
}

/** A new temporary password, which cognito-local does not give: for people who have not replaced the first one. */
async function inviteAgain(directory: UserDirectory, mailbox: Mailbox, body: unknown): Promise<unknown> {
  const { poolId, user } = await known(directory, body);
  if (user.UserStatus !== 'FORCE_CHANGE_PASSWORD') {
    throw new AwsError('UnsupportedUserStateException', "Resend not possible. User's status is CONFIRMED.");
  }
  const { TemporaryPassword: given } = resendInputSchema.parse(body);
  const code = given ?? `Aa1-${randomBytes(9).toString('base64url')}`;
  await directory.save(poolId, { ...user, Password: code });
  mailbox.invite({ destination: attributeOf(user, 'email') ?? user.Username, code });
  const { Password: _kept, Attributes, ...shown } = user;
  return { User: { ...shown, Attributes } };
}

/** Nothing about a prefix that no pool of the account has. */
function domainOf({ userPools, accountId }: Deployment, prefix: string): unknown {
  const pool = userPools.find(({ domainPrefix }) => domainPrefix === prefix);
  return pool === undefined
    ? {}
    : {
        UserPoolId: pool.id,
        AWSAccountId: accountId,
        Domain: prefix,
        Status: 'ACTIVE',
        ManagedLoginVersion: 2,
      };
}

/** User names are case-insensitive in pools of today. */
function normalized(body: unknown): unknown {
  if (!isRecord(body) || typeof body['Username'] !== 'string' || !body['Username'].includes('@')) return body;
  return { ...body, Username: body['Username'].toLowerCase() };
}

/** `sub` is the pool's to give; the email address, which one may sign in with, is kept in one case. */
function withEmail(body: unknown): unknown {
  const input = isRecord(body) ? body : {};
  const attributes = Array.isArray(input['UserAttributes']) ? input['UserAttributes'].filter(isRecord) : [];
  if (attributes.some((attribute) => attribute['Name'] === 'sub')) {
    throw new AwsError('InvalidParameterException', 'user.sub: Attribute cannot be set.');
  }
  return {
    ...input,
    DesiredDeliveryMediums: input['DesiredDeliveryMediums'] ?? ['EMAIL'],
    UserAttributes: attributes.map(({ Name, Value }) => ({
      Name,
      Value: Name === 'email' ? String(Value).toLowerCase() : Value,
    })),
  };
}

/** cognito-local gives all at once. The token is where the next page begins. */
function paged(
  output: unknown,
  list: string,
  tokenName: 'PaginationToken' | 'NextToken',
  body: unknown,
): unknown {
  const input = listInputSchema.parse(body);
  const all = isRecord(output) && Array.isArray(output[list]) ? output[list] : [];
  const from = Number(input[tokenName] ?? 0);
  const end = from + input.Limit;
  return { [list]: all.slice(from, end), ...(end < all.length ? { [tokenName]: String(end) } : {}) };
}

function asAwsError(error: unknown): unknown {
  if (error instanceof AwsError) return error;
  if (error instanceof z.ZodError) return new AwsError('InvalidParameterException', z.prettifyError(error));
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return new AwsError(error.code, error.message);
  }
  return error;
}

/** Dates go out as seconds since 1970. */
function wire(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(wire);
  if (isRecord(value))
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, wire(part)]));
  return value;
}

/** Where the mail of a machine without mail goes: a file for each, to be read by the person at the machine. */
class Mailbox {
  readonly #directory: string;
  readonly #onLog: (entry: LocalAwsLog) => void;

  constructor(directory: string, onLog: (entry: LocalAwsLog) => void) {
    this.#directory = directory;
    this.#onLog = onLog;
  }

  invite({ destination, code }: Invitation): void {
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    const file = join(this.#directory, `${Date.now()}-${randomUUID().slice(0, 8)}.txt`);
    const text = `To: ${destination}\nSubject: Your temporary password\n\nYour temporary password is ${code}\n`;
    writeFileSync(file, text, { mode: 0o600 });
    this.#onLog({ level: 'info', source: 'cognito', message: `An invitation was written to ${file}.` });
  }
}
