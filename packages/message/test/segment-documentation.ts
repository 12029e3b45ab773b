/** The segment table as Markdown, for the README. */
import { segmentTable, type ParamInfo, type SegmentInfo } from '@seekyou/message/segment-table'

const arrows = { both: '⇄', send: '→', receive: '←' } as const

function code(text: string): string {
  return `\`${text}\``
}

function rowOf(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

function valuesOf({ values, default: absent }: ParamInfo): string {
  const allowed = Object.entries(values ?? {}).map(([value, meaning]) => `${code(value)} ${meaning}`)
  return [...allowed, ...(absent === undefined ? [] : [`default ${code(absent)}`])].join(', ')
}

function rowsOf(type: string, info: SegmentInfo): string[] {
  const needs = info.forms.filter((form) => form.length > 0).map((form) => form.map(code).join(' '))
  const notes = [
    info.about,
    ...(needs.length > 0 ? [`Needs ${needs.join(' or ')}.`] : []),
    ...(info.limits ? [`Limits: ${info.limits.join(', ')}.`] : []),
  ]
  return [
    rowOf(`**${code(type)}**`, '', arrows[info.direction], '', notes.join(' ')),
    ...Object.entries(info.params).map(([name, param]) =>
      rowOf(
        '',
        [name, ...(param.aliases ?? [])].map(code).join(' '),
        arrows[param.direction ?? info.direction],
        [param.type, valuesOf(param)].filter(Boolean).join(': '),
        param.about,
      ),
    ),
  ]
}

const documentationMarks = ['<!-- segments -->', '<!-- /segments -->'] as const

/** The text with what stands between its marks replaced by the table. */
export function withSegmentTable(text: string): string {
  const [start, end] = documentationMarks
  const rows = Object.entries(segmentTable).flatMap(([type, info]) => rowsOf(type, info))
  const table = [rowOf('type', 'param', '⇄', 'values', 'meaning'), '|---|---|---|---|---|', ...rows].join('\n')
  return `${text.slice(0, text.indexOf(start))}${start}\n\n<!-- prettier-ignore -->\n${table}\n\n${text.slice(text.indexOf(end))}`
}
