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

function describeGoal(result: Result): string {
  const { goal, unit } = result
  if (!goal) return ''
  const round = (bound: number | undefined): number => Math.round((bound ?? 0) * 1000) / 1000
  const bound = goal.atLeast === undefined ? `at most ${round(goal.atMost)}` : `at least ${round(goal.atLeast)}`
  return `goal ${bound}${goal.of === 'ratio' ? ' x' : ` ${unit}`}: ${isMet(result) ? 'met' : 'MISSED'}`
}

function describeRatio({ ratio }: Result): string {
  return ratio === undefined ? '' : `${ratio.toFixed(2)} x`
}

function describeValue({ value, unit }: Result): string {
  return `${value >= 100 ? value.toFixed(0) : value.toPrecision(3)} ${unit}`
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

/** The same in Markdown. */
export function writeMarkdown(results: readonly Result[]): string {
  return byGroup(results)
    .map(([group, rows]) => {
      const lines = rows.map((row) => {
        const more = [describeGoal(row), row.details ?? ''].filter((text) => text !== '').join('; ')
        return `| ${describeRatio(row)} | ${escapeCell(row.name)} | ${describeValue(row)} | ${escapeCell(more)} |`
      })
      return `**${group}**\n\n| ratio | what | figure | goal |\n| --: | :-- | --: | :-- |\n${lines.join('\n')}\n`
    })
    .join('\n')
}

function byGroup(results: readonly Result[]): readonly (readonly [group: string, rows: readonly Result[]])[] {
  return [...Map.groupBy(results, ({ group }) => group)]
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|')
}
