import { byOutcome, outcomeLabel, resultLabel } from '#web/shared/jobs/job-result-labels.ts';
import { describe, expect, test } from 'vitest';

describe('what became of each', () => {
  test('those who need something come first, the others as the job went through them', () => {
    const rows = ['onboarded', 'refused', 'already', 'notCompliant', 'failed'].map((outcome) => ({
      outcome,
    }));
    expect(rows.toSorted(byOutcome).map(({ outcome }) => outcome)).toEqual([
      'refused',
      'failed',
      'notCompliant',
      'already',
      'onboarded',
    ]);
  });

  test('an outcome that the site does not know yet is shown as it came, as something to look at', () => {
    expect(outcomeLabel('heldBack')).toEqual({ tone: 'neutral', text: 'heldBack', open: true });
  });

  test('the whole in one sentence, zeros left out', () => {
    expect(resultLabel({ result: { total: 7, onboarded: 5, refused: 1, failed: 0, already: 1 } })).toBe(
      '5 added, 1 was there, 1 refused.',
    );
    expect(resultLabel({ result: { total: 0, onboarded: 0, failed: 0 } })).toMatch(/^No one was added/);
    expect(resultLabel({ result: null })).toMatch(/^No one was added/);
  });
});
