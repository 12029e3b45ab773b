/** What a benchmark came to, as plain data. */

/** What a figure is meant to be. */
interface Goal {
  /** What of a result it is about. */
  readonly of: 'ratio' | 'value'
  readonly atLeast?: number
  readonly atMost?: number
}

/** One thing that was measured. */
export interface Result {
  /** What it is compared with, and in what: the same for all results of a table. */
  readonly group: string
  readonly name: string
  /** How it stands to what it is compared with; it travels from one machine to another better than the value. */
  readonly ratio?: number
  readonly value: number
  readonly unit: string
  /** Whether a smaller value is the better one. Default: it is. */
  readonly moreIsBetter?: boolean
  readonly goal?: Goal
  readonly details?: string
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The value at a share of the sorted values, such as 0.99. */
export function percentile(numbers: readonly number[], share: number): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) * share)]!
}

/** Whether a result is what it is meant to be; `undefined` where nothing is meant. */
export function isMet({ goal, ratio, value }: Result): boolean | undefined {
  if (!goal) return undefined
  const figure = goal.of === 'ratio' ? ratio : value
  if (figure === undefined) return false
  return figure >= (goal.atLeast ?? -Infinity) && figure <= (goal.atMost ?? Infinity)
}

/** Three digits of a number, or all those before its point. */
function round(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)))
}

function describeBound({ goal, unit }: Result): string {
  if (!goal) return ''
  const bound = goal.atLeast === undefined ? `at most ${round(goal.atMost!)}` : `at least ${round(goal.atLeast)}`
  return `${bound}${goal.of === 'ratio' ? ' x' : ` ${unit}`}`
}

function describeGoal(result: Result): string {
  return result.goal ? `goal ${describeBound(result)}: ${isMet(result) ? 'met' : 'MISSED'}` : ''
}

/** Two digits after the point, and three of what is small. */
function describeRatio({ ratio }: Result): string {
  return ratio === undefined ? '' : `${ratio < 0.1 ? round(ratio) : ratio.toFixed(2)} x`
}

function describeValue({ value, unit }: Result): string {
  return `${round(value)} ${unit}`.trimEnd()
}

/** A table for people, the ratios first. */
export function writeTable(results: readonly Result[]): string {
  return byGroup(results)
    .map(([group, rows]) => {
      const lines = rows.map((row) => {
        const cells = [describeRatio(row).padStart(9), row.name.padEnd(44), describeValue(row).padStart(13)]
        return `  ${[...cells, describeGoal(row), row.details ?? ''].join('  ').trimEnd()}`
      })
      return `${group}\n${lines.join('\n')}\n`
    })
    .join('')
}

/** The results of one benchmark, and what it compares. */
export interface Measured {
  readonly suite: string
  readonly about: string
  readonly results: readonly Result[]
}

/** What was measured, where and when, as a page in Markdown: which goals are met, then table by table. */
export function writeMarkdown(
  suites: readonly Measured[],
  { machine, date }: { readonly machine: string; readonly date: string },
): string {
  const aimed = suites.flatMap(({ suite, results }) =>
    results.filter(({ goal }) => goal).map((result) => ({ suite, result })),
  )
  const missed = aimed.filter(({ result }) => !isMet(result))
  const sections = suites.map(
    ({ suite, about, results }) => `## ${suite}\n\n${about}\n\n${byGroup(results).map(markdownTable).join('\n')}`,
  )
  const head = [
    '# Results of `pnpm bench`',
    `Measured ${date} on: ${machine}.`,
    'Ratios travel from one machine to another, and come first; the figures beside them are those of this machine. ' +
      'All that is in one table was measured in turns, and what stands here are medians.',
    `${aimed.length - missed.length} of ${aimed.length} goals are met${missed.length === 0 ? '.' : '; missed:'}`,
    ...(missed.length === 0 ? [] : [missed.map(({ suite, result }) => markdownMiss(suite, result)).join('\n')]),
  ]
  return `${[...head, ...sections.map((section) => section.trimEnd())].join('\n\n')}\n`
}

function markdownMiss(suite: string, result: Result): string {
  const figure = result.goal!.of === 'ratio' ? describeRatio(result) || 'no ratio' : describeValue(result)
  return `- ${suite}, ${result.name}: ${figure}, goal ${describeBound(result)}`
}

function markdownTable([group, rows]: readonly [group: string, rows: readonly Result[]]): string {
  const lines = rows.map((row) => {
    const verdict = row.goal ? `${describeBound(row)}: ${isMet(row) ? 'met' : '**missed**'}` : ''
    const cells = [describeRatio(row), row.name, describeValue(row), verdict, row.details ?? '']
    return `| ${cells.map(escapeCell).join(' | ')} |`
  })
  const head = '| ratio | what | figure | goal | more |\n| --: | :-- | --: | :-- | :-- |'
  return `**${group}**\n\n${head}\n${lines.join('\n')}\n`
}

function byGroup(results: readonly Result[]): readonly (readonly [group: string, rows: readonly Result[]])[] {
  return [...Map.groupBy(results, ({ group }) => group)]
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|')
}
