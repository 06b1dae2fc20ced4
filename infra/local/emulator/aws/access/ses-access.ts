import { stringField, UnknownOperationError, type Requirement } from './requirement.ts';
import type { ResourceNames } from './resource-names.ts';

/** The bare address of `Name <address>`. */
export const addressIn = (mailbox: string): string => (/<([^<>]+)>\s*$/.exec(mailbox)?.[1] ?? mailbox).trim();

export const domainOf = (address: string): string =>
  address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/** To send, SES asks for the right to send from the identity that lets the address be used: here always a domain. */
export function sesAccess(operation: string, body: unknown, names: ResourceNames): readonly Requirement[] {
  if (operation === 'GetAccount') return [{ action: 'ses:GetAccount', resource: '*' }];
  if (operation === 'GetEmailIdentity') {
    const identity = stringField(body, 'EmailIdentity') ?? '';
    return [{ action: 'ses:GetEmailIdentity', resource: names.arn('ses', `identity/${identity}`) }];
  }
  if (operation !== 'SendEmail') throw new UnknownOperationError(operation);
  const from = addressIn(stringField(body, 'FromEmailAddress') ?? '');
  return [
    {
      action: 'ses:SendEmail',
      resource: names.arn('ses', `identity/${domainOf(from)}`),
      context: { 'ses:fromaddress': from },
    },
  ];
}
