/** `pnpm soak [--minutes n | --seconds n] [--links n] [--rate n] [--seed n]`: exit code 1 if a promise was broken. */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { soak } from './soak.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '3' },
    seconds: { type: 'string' },
    links: { type: 'string', default: '200' },
    rate: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
  },
})

const [minutes, links, rate, seed] = [values.minutes, values.links, values.rate, values.seed].map(Number) as [
  number,
  number,
  number,
  number,
]
const seconds = values.seconds === undefined ? minutes * 60 : Number(values.seconds)
if (![seconds, links, rate, seed].every((number) => Number.isFinite(number) && number >= 0)) {
  process.stderr.write('--minutes, --seconds, --links, --rate and --seed take numbers\n')
  process.exit(1)
}
process.stdout.write(`seed ${seed}, ${seconds} s, about ${links} links, ${rate} events a second\n`)
const checks = await soak({
  seconds,
  links,
  rate,
  seed,
  pins: true,
  tell: (line) => process.stdout.write(`  ${line}\n`),
})
process.stdout.write('\n')
for (const { name, figure, bound, isMet } of checks) {
  const verdict = bound === undefined ? '' : `  (${bound}: ${isMet ? 'met' : 'MISSED'})`
  process.stdout.write(`  ${name.padEnd(42)} ${figure}${verdict}\n`)
}
process.exit(checks.every(({ isMet }) => isMet) ? 0 : 1)
