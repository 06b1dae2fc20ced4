import { DEAD_LETTER_SOURCES, type DeadLetterSource } from '#shared/dead-letters/contract.ts';
import { eachSubject } from '#shared/jobs/each-subject.ts';
import type { PartWorker } from '#shared/jobs/work-part.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { counted } from '#shared/kernel/format.ts';
import type { Letter } from './letter.ts';
import type { SendLetter } from './mail.ts';
import { sendOnce, type NoticeRepository } from './notice-repository.ts';
import { PROGRAM_WATCH } from './tasks.ts';

export interface AdminNoticesDeps {
  /** The last roster plan while it waits for an admin, as of now; null when it does not. */
  readonly stoppedPlan: () => Promise<{ readonly id: string; readonly waiting: number } | null>;
  readonly deadLetters: (source: DeadLetterSource) => Promise<number>;
  readonly processing: () => Promise<{ readonly enabled: boolean; readonly changedAt: string | null }>;
  readonly notices: Pick<NoticeRepository, 'claim' | 'markSent' | 'giveBack' | 'watch'>;
  /** Null: this stage sends no notices. */
  readonly mail: {
    readonly send: SendLetter;
    readonly siteUrl: string;
    readonly admins: readonly string[];
  } | null;
  readonly now: Clock;
}

interface Notice {
  /** The same for the same matter, so that it is told once. */
  readonly name: string;
  readonly title: string;
  readonly text: string;
  readonly link: { readonly text: string; readonly path: string };
}

const DAY_MS = 86_400_000;
const START_WITH_MS = 15_000;

/** What the queues are for, as admins know them. */
const QUEUE_WORDS: Readonly<Record<DeadLetterSource, string>> = {
  roster: 'the roster queue',
  sync: 'the score queue',
  work: 'the work queue',
  scheduler: 'the scheduler',
};

const planNotice = ({ id, waiting }: { readonly id: string; readonly waiting: number }): Notice => ({
  name: `plan#${id}`,
  title: 'A roster plan was stopped before any change',
  text: `${counted(waiting, 'change')} would have taken too many people off their teams at once. Look at the plan, then release it or leave it.`,
  link: { text: 'Open the roster plan', path: '/roster-plan' },
});

const lettersNotice = (source: DeadLetterSource, waiting: number, since: string): Notice => ({
  name: `dead-letters#${source}#${since}`,
  title: `Dead letters have been waiting for a day in ${QUEUE_WORDS[source]}`,
  text: `${counted(waiting, 'message')} could not be processed, and nobody has dealt with them. Read the cause, try one, then the group.`,
  link: { text: 'Open the queues', path: '/queues' },
});

const offNotice = (since: string): Notice => ({
  name: `processing-off#${since}`,
  title: 'Processing has been off for a day',
  text: 'No scores are read and no roster change reaches the platform. Nothing is lost: switch it on when the reason has passed.',
  link: { text: 'Open the settings', path: '/settings' },
});

export function adminLetterOf({ title, text, link }: Notice, siteUrl: string): Letter {
  return {
    subject: `Coach Dashboard: ${title}`,
    preview: text,
    kicker: 'Coach Dashboard, for admins',
    title,
    intro: text,
    button: { text: link.text, url: siteUrl + link.path },
    points: [],
    list: null,
    table: null,
    note: 'This is told once. The page shows how things are now.',
    why: 'You get this as an admin of the program, at an address that the stage’s settings name.',
    links: [],
  };
}

/** Processes `admin_notices`: what no alarm can say, each matter once to each admin. */
export function createAdminNotices(deps: AdminNoticesDeps): PartWorker<Record<string, never>> {
  const { notices } = deps;

  async function matters(now: Date): Promise<Notice[]> {
    const found: Notice[] = [];
    const plan = await deps.stoppedPlan();
    if (plan !== null) found.push(planNotice(plan));
    for (const source of DEAD_LETTER_SOURCES) {
      const waiting = await deps.deadLetters(source);
      const since = await notices.watch(`dead-letters#${source}`, waiting > 0, now);
      if (since !== null && now.getTime() - Date.parse(since) >= DAY_MS)
        found.push(lettersNotice(source, waiting, since));
    }
    const { enabled, changedAt } = await deps.processing();
    if (!enabled && changedAt !== null && now.getTime() - Date.parse(changedAt) >= DAY_MS)
      found.push(offNotice(changedAt));
    return found;
  }

  async function tellAll(): Promise<string> {
    const { mail } = deps;
    if (mail === null) return 'not_set_up';
    let sent = 0;
    for (const notice of await matters(deps.now())) {
      for (const [index, admin] of mail.admins.entries()) {
        // By its place in the settings: an address has no business in a key.
        const once = { to: PROGRAM_WATCH, name: `${notice.name}#${index}`, now: deps.now };
        const end = await sendOnce(notices, once, async () => {
          await mail.send(admin, adminLetterOf(notice, mail.siteUrl), null);
          return true;
        });
        if (end === 'sent') sent += 1;
      }
    }
    return sent === 0 ? 'nothing_to_say' : 'sent';
  }

  return (_job, part, context) =>
    eachSubject(
      part.subjects,
      context,
      {
        concurrency: 1,
        startWithMs: START_WITH_MS,
        traceFields: () => ({}),
      },
      tellAll,
    );
}
