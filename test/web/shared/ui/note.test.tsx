import { ApiError } from '#web/shared/api/api-error.ts';
import { LoadFailure } from '#web/shared/ui/note.tsx';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';

const drawn = (error: unknown) =>
  renderToStaticMarkup(
    <LoadFailure
      what="The leaderboard"
      safe="Your rosters are safe."
      error={error}
      onRetry={() => undefined}
    />,
  );

test('a failed load says what happened, what is safe, what to do, and the id for support', () => {
  const html = drawn(
    new ApiError({ failure: 'refused', message: 'Something failed on our side.', requestId: 'req_1' }),
  );
  expect(html).toContain('role="alert"');
  expect(html).toContain('The leaderboard could not be loaded');
  expect(html).toContain('Something failed on our side.');
  expect(html).toContain('Your rosters are safe.');
  expect(html).toContain('Try again');
  expect(html).toContain('req_1');
});

test('offline, it asks for the connection and not for an id', () => {
  const html = drawn(new ApiError({ failure: 'offline', message: 'This device is offline.' }));
  expect(html).toContain('once the connection is back');
  expect(html).not.toContain('request id');
});

test('a fault of the site itself shows no technical text', () => {
  expect(drawn(new TypeError('x is undefined'))).not.toContain('undefined');
});
