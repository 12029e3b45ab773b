import { useState } from 'react'
import { useWords } from '../kit/language.ts'
import { duration } from '../inspector/record-look.ts'
import { JsonView } from '../tools/json-view.tsx'
import { retcodeOf } from './send.ts'
import type { Response } from './send.ts'
import { columnsOf, rowsIn } from './table.ts'
import { playgroundWords } from './words.ts'

/** What the server answered. */
export function ResponseView({ response }: { response: Response | Error | undefined }) {
  const words = useWords(playgroundWords)
  const [asTable, setAsTable] = useState(false)
  if (!response) return <p className="hint">{words.noResponse}</p>
  if (response instanceof Error) {
    return (
      <p className="problem" role="alert">
        {response.message}
      </p>
    )
  }
  const { status, answer, ms } = response
  const retcode = retcodeOf(answer)
  const isGood = status < 400 && (retcode === undefined || retcode === 0 || retcode === 1)
  const rows = rowsIn(answer)
  const size = `${new Intl.NumberFormat().format(JSON.stringify(answer)?.length ?? 0)} B`
  return (
    <div className="response" aria-live="polite">
      <div className="row">
        <span className={`tag ${status < 400 ? '' : 'bad'}`}>HTTP {status}</span>
        {retcode !== undefined && <span className={`tag ${isGood ? 'good' : 'bad'}`}>retcode {retcode}</span>}
        <span className="hint grow">{words.took(duration(ms), size)}</span>
        {rows.length > 0 && (
          <div className="row" role="group" aria-label={words.response}>
            <button type="button" className="chip" aria-pressed={!asTable} onClick={() => setAsTable(false)}>
              {words.views.json}
            </button>
            <button type="button" className="chip" aria-pressed={asTable} onClick={() => setAsTable(true)}>
              {words.views.table}
            </button>
          </div>
        )}
      </div>
      {asTable && rows.length > 0 ? (
        <Table rows={rows} title={words.rows(rows.length)} />
      ) : (
        <JsonView value={answer} label={words.response} />
      )}
    </div>
  )
}

function Table({ rows, title }: { rows: readonly Readonly<Record<string, unknown>>[]; title: string }) {
  const columns = columnsOf(rows)
  return (
    <div className="table-box" tabIndex={0} role="region" aria-label={title}>
      <table>
        <caption className="hint">{title}</caption>
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
          {rows.map((row, index) => (
            <tr key={index}>
              {columns.map((column) => (
                <td key={column}>{cellText(row[column])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function cellText(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
