import { randomBytes } from 'node:crypto';
import { BY_EMAIL_LINK, type Actor } from '#shared/audit/actor.ts';
import type { AuditEntry } from '#shared/audit/audit-entry.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { notFound } from '#shared/kernel/errors.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import type { TransactItem } from '#shared/table/table.ts';
import type { NoticeChoice, WeeklyChoice } from './contract.ts';
import type { NoticeRepository } from './notice-repository.ts';

export const newMailToken = (): string => randomBytes(16).toString('base64url');

export interface ChooseNoticesDeps extends Pick<NoticeRepository, 'choiceOf' | 'choose' | 'fits'> {
  readonly audit: (entry: AuditEntry) => Promise<TransactItem>;
  readonly coachExists: (coachId: string) => Promise<boolean>;
  readonly now: Clock;
  readonly newId: NewId;
}

/** When a coach gets the weekly email. Everything rejects with 404 for somebody who is no coach. */
export function createChooseNotices(deps: ChooseNoticesDeps) {
  async function save(coachId: string, weekly: WeeklyChoice, actor: Actor): Promise<NoticeChoice> {
    const entry = {
      id: deps.newId('aud'),
      at: deps.now().toISOString(),
      actor: actor.sub,
      actingAs: actor.actingAs,
      action: 'notices.choose',
      subject: coachId,
      coachId,
      requestId: actor.requestId,
      details: { weekly },
    };
    await deps.choose(coachId, weekly, await deps.audit(entry));
    return { weekly };
  }
  const known = async (coachId: string | null): Promise<string> => {
    if (coachId === null || !(await deps.coachExists(coachId))) throw notFound();
    return coachId;
  };

  return {
    read: async (coachId: string | null): Promise<NoticeChoice> => ({
      weekly: await deps.choiceOf(await known(coachId)),
    }),

    choose: async (coachId: string | null, weekly: WeeklyChoice, actor: Actor): Promise<NoticeChoice> => {
      const id = await known(coachId);
      return (await deps.choiceOf(id)) === weekly ? { weekly } : save(id, weekly, actor);
    },

    /** @param key of an email; one that is nobody's is told as any unknown thing */
    async chooseByKey(key: string, weekly: WeeklyChoice, requestId: string): Promise<NoticeChoice> {
      const [coachId = '', token = ''] = key.split('~');
      if (!(await deps.fits(coachId, token))) throw notFound();
      // Mail programs may press it several times.
      if ((await deps.choiceOf(coachId)) === weekly) return { weekly };
      return save(coachId, weekly, { sub: BY_EMAIL_LINK, actingAs: null, requestId });
    },
  };
}
