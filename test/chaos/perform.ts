import { ACCOUNT_STATUSES } from '#test/game-platform-simulator/operations.ts';
import { beginEdit } from './edits.ts';
import type { Act } from './history.ts';
import type { Gift, Program } from './program.ts';
import type { World } from './world.ts';

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;
/** What the platform changes of solves up to this old is seen by the usual reads. */
const RECENT = DAY;
const [, , APPROVED] = ACCOUNT_STATUSES;

/** Carries out a history's acts in a world; `count` is told what really happened. */
export function performer(
  world: World,
  program: Program,
  old: boolean,
  count: (what: string) => void,
): (act: Act) => Promise<void> {
  const { vendor, queues, troubled, turns } = world;

  function giftOf(person: string, index: number, inEvent: boolean): Gift | undefined {
    const own = program.gifts.filter(
      (gift) =>
        gift.person === person &&
        (gift.ref.source === 'flash_ctf') === inEvent &&
        (old || inEvent || gift.at >= world.nowUnix - RECENT),
    );
    return own[index % Math.max(1, own.length)];
  }

  function onPlatform(act: Act): void {
    if (act.act === 'solve') {
      const person = program.personOf(act.person);
      for (let made = 0; made < act.count; made += 1) {
        const at = world.nowUnix - (act.minutesAgo + 3 * made) * MINUTE;
        if (!program.solve(person, at, act.late * MINUTE, act.inEvent)) continue;
        count(act.late > 0 ? 'solve late' : 'solve');
        if (act.inEvent) count('solve in an event');
      }
    } else if (act.act === 'correct' || act.act === 'revoke' || act.act === 'delay') {
      const gift = giftOf(program.personOf(act.person), act.solve, act.inEvent);
      if (gift === undefined || !vendor.model.platform.knows(gift.person)) return;
      if (act.act === 'correct') vendor.model.correctPoints(gift.person, gift.ref, 10 + act.solve * 10);
      if (act.act === 'revoke') vendor.model.revokeSolve(gift.person, gift.ref);
      if (act.act === 'delay') {
        const until = world.nowUnix + (5 + act.solve * 4) * MINUTE;
        vendor.model.delaySolve(gift.person, gift.ref, until);
        program.quietFrom = Math.max(program.quietFrom, until);
      }
      count(`solve ${act.act === 'delay' ? 'hidden for a while' : `${act.act}ed`.replace('ee', 'e')}`);
    }
  }

  return async (act) => {
    world.tell(JSON.stringify(act));
    const recently = 1_000 * (1 + Math.floor(turns.random() * 15));
    switch (act.act) {
      case 'solve':
      case 'correct':
      case 'revoke':
      case 'delay':
        onPlatform(act);
        return;
      case 'reset': {
        const person = program.personOf(act.person);
        if (!vendor.model.platform.knows(person)) return;
        vendor.model.resetScores(person);
        count('scores reset');
        return;
      }
      case 'approve': {
        const person = program.personOf(act.person);
        const known = vendor.model.platform.knows(person) ? person : program.undecided;
        vendor.model.setStatus(known, APPROVED);
        count('approved');
        return;
      }
      case 'event': {
        const start = world.nowUnix + act.inMinutes * MINUTE;
        const { key, end } = vendor.model.scheduleFlashCtf({
          name: 'November Flash CTF',
          start,
          end: start + act.minutes * MINUTE,
          showsEnd: act.showsEnd,
        });
        program.event = { key, start, end };
        count('Flash CTF');
        return;
      }
      case 'vendor':
        vendor.faults.add(act.fault);
        return;
      case 'table':
        troubled.kinds = act.kinds;
        troubled.left = act.calls;
        troubled.chance = act.chance;
        return;
      case 'send':
        queues.troubles.push(act.trouble);
        return;
      case 'lose':
      case 'double': {
        const [message] = queues.visible(act.queue);
        if (message === undefined) return;
        if (act.act === 'lose') queues.remove(act.queue, message);
        else queues.put(act.queue, message.body);
        count(act.act === 'lose' ? 'message lost' : 'message doubled');
        return;
      }
      case 'redrive':
        if (queues.redrive() > 0) count('dead letters redriven');
        return;
      case 'deliver': {
        await turns.pass(recently);
        const edit =
          act.edit === undefined ? undefined : await beginEdit(world, program, act.edit, undefined);
        let { kill } = act;
        const begun = act.queues.map((queue) => {
          const one = world.take(queue, kill);
          if (one !== undefined) kill = undefined;
          return one;
        });
        const taken = begun.filter((one) => one !== undefined).length;
        if (taken > 1) count('workers side by side');
        if (taken > 0 && edit !== undefined) count('edit while workers work');
        await world.together([edit, ...begun]);
        return;
      }
      case 'fire': {
        await turns.pass(recently);
        world.fire(act.schedule);
        if (act.twice) world.fire(act.schedule);
        await world.together([world.take('work', act.kill), ...(act.twice ? [world.take('work')] : [])]);
        await world.together(act.next.map((one) => world.take(one.queue, one.kill)));
        count(act.schedule);
        return;
      }
      case 'edit': {
        await turns.pass(recently);
        const begun = await beginEdit(world, program, act.edit, act.kill);
        await world.together([begun]);
        if (begun !== undefined) count(`edit ${act.edit.act}`);
        return;
      }
      case 'wait':
        await turns.pass(act.minutes * MINUTE * 1_000);
    }
  };
}
