import { Table2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { ScrollRegion } from './scroll-region.tsx';

interface TwinProps {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly key: string; readonly cells: readonly ReactNode[] }[];
  readonly label?: string;
}

/** The same data as a table, for every chart. */
export function Twin({ caption, columns, rows, label = 'Same data as a table' }: TwinProps) {
  return (
    <details className="twin">
      <summary>
        <Table2 size={14} aria-hidden />
        {label}
      </summary>
      <ScrollRegion label={caption}>
        <table className="table tight">
          <caption className="sr-only">{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.key}>
                {row.cells.map((cell, index) => (
                  <td key={columns[index]}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </details>
  );
}
