import { ButtonLink } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Panel } from '../ui/panel.tsx';

/** Instead of a page that is an admin's. */
export const AdminsOnly = ({ page, what }: { page: string; what: string }) => (
  <>
    <div className="page-head">
      <h1>{page}</h1>
    </div>
    <Panel label={page}>
      <Empty
        kind="never"
        heading="h2"
        title={`Only admins see ${what}`}
        action={<ButtonLink to="/">Go to the dashboard</ButtonLink>}
      >
        An admin who acts as a coach sees what that coach sees. Stop acting to come back here.
      </Empty>
    </Panel>
  </>
);
