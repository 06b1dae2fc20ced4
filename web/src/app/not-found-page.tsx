import { ButtonLink } from '../shared/ui/button.tsx';
import { Empty } from '../shared/ui/empty.tsx';
import { usePageTitle } from '../shared/ui/page-title.ts';
import { Panel } from '../shared/ui/panel.tsx';

/** An address that leads nowhere. */
export function NotFoundPage() {
  usePageTitle('Not found');
  return (
    <>
      <div className="page-head">
        <h1>This page does not exist</h1>
      </div>
      <Panel label="Not found">
        <Empty
          kind="never"
          heading="h2"
          title="The address leads nowhere"
          action={
            <ButtonLink look="primary" to="/">
              Go to the dashboard
            </ButtonLink>
          }
        >
          It may be mistyped, or the page was moved. Nothing of yours is lost.
        </Empty>
      </Panel>
    </>
  );
}
