/**
 * `pnpm bench [name …]`: runs the benchmarks of that name, or all, and tells the ratios first.
 *
 * `--json` and `--markdown` tell them so; `--save` also writes them to RESULTS.md; `--quick` measures less, `--smoke` next
 * to nothing; `--compare <ref>` measures this tree and that commit in turns.
 */
import { fork } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { compareWith } from './compare.ts'
import { describeMachine, fullEffort, quickEffort, runSuite, smokeEffort } from './harness.ts'
import type { Suite } from './harness.ts'
import { writeMarkdown, writeTable } from './result.ts'
import type { Measured, Result } from './result.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    markdown: { type: 'boolean' },
    save: { type: 'boolean' },
    quick: { type: 'boolean' },
    smoke: { type: 'boolean' },
    compare: { type: 'string' },
  },
})

const ending = '.bench.ts'
const known = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(ending))
  .map((file) => file.slice(0, -ending.length))
const unknown = positionals.filter((name) => !known.includes(name))
if (unknown.length > 0) {
  process.stderr.write(`no benchmark is called ${unknown.join(', ')}; there are: ${known.join(', ')}\n`)
  process.exit(1)
}
const names = positionals.length > 0 ? positionals : known
const isForPeople = !values.json && !values.markdown
const print = (text: string): void => void process.stdout.write(text)

if (values.compare === undefined) await measureHere()
else print(writeTable(await compareWith(values.compare, names, values.smoke ? 'smoke' : 'quick')))

async function measureHere(): Promise<void> {
  const machine = describeMachine()
  const [only] = names
  if (process.send) {
    process.send(await measure(only!))
    process.disconnect()
    return
  }
  if (isForPeople) print(`${machine}\n\n`)
  const suites: Measured[] = []
  for (const name of names) suites.push(await (names.length === 1 ? measure(name) : measureApart(name)))
  const markdown = (): string => writeMarkdown(suites, { machine, date: new Date().toISOString().slice(0, 10) })
  if (values.json) print(`${JSON.stringify({ machine, suites })}\n`)
  if (values.markdown) print(markdown())
  if (values.save) writeFileSync(new URL('../RESULTS.md', import.meta.url), markdown())
}

async function measure(name: string): Promise<Measured> {
  const effort = values.smoke ? smokeEffort : values.quick ? quickEffort : fullEffort
  const { suite } = (await import(`./${name}${ending}`)) as { readonly suite: Suite }
  const results: Result[] = []
  let lastGroup: string | undefined
  await runSuite(suite, effort, (found) => {
    results.push(...found)
    if (!isForPeople) return
    const table = writeTable(found)
    // The rows of a race come one by one, below one heading.
    print(found[0]?.group === lastGroup ? table.slice(table.indexOf('\n') + 1) : table)
    lastGroup = found.at(-1)?.group
  })
  return { suite: name, about: suite.about, results }
}

/** The same in a process of its own, to which it does not matter what other suites made of the compiler and the heap. */
function measureApart(name: string): Promise<Measured> {
  const flags = (['quick', 'smoke', 'json', 'markdown'] as const).filter((flag) => values[flag])
  const child = fork(import.meta.filename, [name, ...flags.map((flag) => `--${flag}`)])
  return new Promise((resolve, reject) => {
    child.once('message', (measured) => resolve(measured as Measured))
    child.once('exit', (code) => code !== 0 && reject(new Error(`the suite ${name} ended with ${code}`)))
  })
}
