/** The table of actions as Markdown, for the README. */
import { catalogue } from '@seekyou/actions'
import type { Action } from '@seekyou/actions'

const marks = ['<!-- actions -->', '<!-- /actions -->'] as const

/** The text with what stands between its marks replaced by the table. */
export function withActionTable(text: string): string {
  const [start, end] = marks
  const rows = Object.entries<Action>(catalogue).map(([name, { alsoCalled = [], generations, summary }]) => {
    const names = [name, ...alsoCalled].map((called) => `\`${called}\``).join(', ')
    return `| ${names} | ${generations.join(', ')} | ${summary} |`
  })
  const table = ['| Action | Known to | What it does |', '|---|---|---|', ...rows].join('\n')
  return `${text.slice(0, text.indexOf(start))}${start}\n\n<!-- prettier-ignore -->\n${table}\n\n${text.slice(text.indexOf(end))}`
}
