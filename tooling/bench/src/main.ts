/** `pnpm bench [name …] [--smoke]`: runs the benchmarks of that name, or all. */
import { readdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { describeMachine, fullEffort, runSuite, smokeEffort, type Suite } from './harness.ts'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { smoke: { type: 'boolean' } } })

const ending = '.bench.ts'
const known = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(ending))
  .map((file) => file.slice(0, -ending.length))
const unknown = positionals.filter((name) => !known.includes(name))
if (unknown.length > 0) {
  process.stderr.write(`no benchmark is called ${unknown.join(', ')}; there are: ${known.join(', ')}\n`)
  process.exit(1)
}

process.stdout.write(`${describeMachine()}\n\n`)
for (const name of positionals.length > 0 ? positionals : known) {
  const { suite } = (await import(`./${name}${ending}`)) as { suite: Suite }
  await runSuite(suite, values.smoke ? smokeEffort : fullEffort, (text) => process.stdout.write(text))
}
