/**
 * An email as what it says; {@link htmlOf} and {@link textOf} say the same. No pictures, no tracking, tables and inline
 * styles: what every mail program shows, also in its reader's dark mode.
 */
export interface Letter {
  readonly subject: string;
  /** Shown beside the subject in a list of emails. */
  readonly preview: string;
  /** The small line above the title. */
  readonly kicker: string;
  readonly title: string;
  readonly intro: string;
  readonly button: Link | null;
  readonly points: readonly { readonly strong: string; readonly text: string; readonly link: Link | null }[];
  readonly list: { readonly title: string; readonly lines: readonly string[] } | null;
  readonly table: {
    readonly title: string;
    /** The first column is words, the others are figures. */
    readonly head: readonly string[];
    readonly rows: readonly (readonly string[])[];
  } | null;
  readonly note: string;
  readonly why: string;
  readonly links: readonly Link[];
}

interface Link {
  readonly text: string;
  readonly url: string;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replaceAll(/[&<>"']/gu, (letter) => ENTITIES[letter] ?? '');

const FONT = "font-family:-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;";
const TEXT = `${FONT}font-size:15px;line-height:22px;color:#3b4650;margin:0;`;
const SMALL = `${FONT}font-size:13px;line-height:20px;color:#566370;margin:0;`;
const HEADING = `${FONT}font-size:18px;line-height:26px;color:#11171c;margin:0;font-weight:600;`;
const TITLE = `${FONT}font-size:24px;line-height:32px;color:#11171c;margin:4px 0 8px;font-weight:600;`;
const LINK = 'color:#0b6f90;';
const RULE = 'border-top:1px solid #e0e5e9;';
/** Programs without dark mode leave the sheet out, and show the inline colors. */
const DARK =
  '@media(prefers-color-scheme:dark){.bg{background:#0b0e11!important}.card{background:#11151a!important}' +
  '.tx{color:#e9edf0!important}.mu{color:#aab4bd!important}.lk{color:#6cc7e6!important}' +
  '.ln{border-color:#2b343d!important}.bt{background:#e9edf0!important;color:#0b0e11!important}}';
const TABLE = '<table role="presentation" width="100%" cellpadding="0" cellspacing="0"';

const anchor = ({ text, url }: Link): string =>
  `<a class="lk" href="${escaped(url)}" style="${LINK}">${escaped(text)}</a>`;

function pointRow({ strong, text, link }: Letter['points'][number], first: boolean): string {
  const more = link === null ? '' : `<br>${anchor(link)}`;
  return (
    `<tr><td class="ln" style="padding:12px 0;${first ? '' : RULE}"><p class="mu" style="${TEXT}">` +
    `<strong class="tx" style="color:#11171c">${escaped(strong)}</strong> ${escaped(text)}${more}</p></td></tr>`
  );
}

const align = (column: number): string => (column === 0 ? 'left' : 'right');

function tableOf({ title, head, rows }: NonNullable<Letter['table']>): string {
  const header = head.map(
    (cell, index) =>
      `<th scope="col" class="mu" align="${align(index)}" style="${SMALL}font-weight:400;padding:6px 0">${escaped(cell)}</th>`,
  );
  const body = rows.map((row) => {
    const cells = row.map(
      (cell, index) =>
        `<td class="tx ln" align="${align(index)}" style="${TEXT}color:#11171c;padding:6px 0;${RULE}">${escaped(cell)}</td>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  return (
    `<h2 class="tx" style="${HEADING}margin-top:22px">${escaped(title)}</h2>` +
    `<table width="100%" cellpadding="0" cellspacing="0" style="margin-top:6px"><tr>${header.join('')}</tr>${body.join('')}</table>`
  );
}

const listOf = ({ title, lines }: NonNullable<Letter['list']>): string =>
  `<h2 class="tx ln" style="${HEADING}padding-top:20px;margin-top:8px;${RULE}">${escaped(title)}</h2>${TABLE} style="margin-top:6px">` +
  lines
    .map(
      (line) =>
        `<tr><td width="18" valign="top" class="mu" style="${TEXT}padding:4px 0" aria-hidden="true">&#8226;</td>` +
        `<td class="mu" style="${TEXT}padding:4px 0">${escaped(line)}</td></tr>`,
    )
    .join('') +
  '</table>';

const buttonOf = ({ text, url }: Link): string =>
  `<p style="margin:18px 0 6px"><a class="bt" href="${escaped(url)}" style="${FONT}display:inline-block;background:#171d23;` +
  'color:#ffffff;text-decoration:none;font-size:15px;line-height:20px;font-weight:600;padding:12px 18px;border-radius:6px">' +
  `${escaped(text)}</a></p>`;

/** A whole HTML document, 600 px wide at most. */
export function htmlOf(letter: Letter): string {
  const { subject, preview, kicker, title, intro, button, points, list, table, note, why, links } = letter;
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta name="color-scheme" content="light dark"><title>${escaped(subject)}</title><style>${DARK}</style></head>`,
    '<body class="bg" style="margin:0;background:#f4f6f7">',
    `<div style="display:none;max-height:0;overflow:hidden">${escaped(preview)}</div>`,
    `${TABLE} class="bg" style="background:#f4f6f7"><tr><td align="center">${TABLE} style="max-width:600px">`,
    '<tr><td class="card" style="background:#ffffff;padding:28px 24px">',
    `<p class="mu" style="${SMALL}">${escaped(kicker)}</p><h1 class="tx" style="${TITLE}">${escaped(title)}</h1>`,
    `<p class="mu" style="${TEXT}">${escaped(intro)}</p>`,
    button === null ? '' : buttonOf(button),
    points.length === 0
      ? ''
      : `${TABLE}>${points.map((one, at) => pointRow(one, at === 0)).join('')}</table>`,
    list === null ? '' : listOf(list),
    table === null ? '' : tableOf(table),
    note === ''
      ? ''
      : `<p class="mu ln" style="${SMALL}margin-top:20px;padding-top:16px;${RULE}">${escaped(note)}</p>`,
    `</td></tr><tr><td align="center" style="padding:16px 24px 24px"><p class="mu" style="${SMALL}">${escaped(why)}`,
    links.length === 0 ? '' : `<br>${links.map(anchor).join(' &nbsp; ')}`,
    '</p></td></tr></table></td></tr></table></body></html>',
  ].join('');
}

const WIDTH = 72;

/** Lines of at most {@link WIDTH} characters; a word that is longer, as an address, has a line of its own. */
function wrapped(text: string, first = '', rest = ''): string {
  const lines: string[] = [];
  let line = first;
  let begun = false;
  for (const word of text.split(' ')) {
    const longer = begun ? `${line} ${word}` : line + word;
    if (begun && longer.length > WIDTH) {
      lines.push(line);
      line = rest + word;
    } else line = longer;
    begun = true;
  }
  return [...lines, line].join('\n');
}

function textTable({ title, head, rows }: NonNullable<Letter['table']>): string {
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => (row[column] ?? '').length)),
  );
  const lineOf = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('   ');
  return [title.toUpperCase(), ...[head, ...rows].map(lineOf)].join('\n');
}

/** The same as plain text. */
export function textOf(letter: Letter): string {
  const { kicker, title, intro, button, points, list, table, note, why, links } = letter;
  const blocks = [
    kicker,
    [title.toUpperCase(), wrapped(intro), ...(button === null ? [] : [`${button.text}:`, button.url])].join(
      '\n',
    ),
    ...points.map(({ strong, text, link }, index) =>
      [
        wrapped(`${strong} ${text}`, `${index + 1}. `, '   '),
        ...(link === null ? [] : [`   ${link.url}`]),
      ].join('\n'),
    ),
    ...(list === null
      ? []
      : [[list.title.toUpperCase(), ...list.lines.map((line) => wrapped(line, '- ', '  '))].join('\n')]),
    ...(table === null ? [] : [textTable(table)]),
    ...(note === '' ? [] : [wrapped(note)]),
    ['-- ', wrapped(why), ...links.map(({ text, url }) => `${text}: ${url}`)].join('\n'),
  ];
  return `${blocks.join('\n\n')}\n`;
}
