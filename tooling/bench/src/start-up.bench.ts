/** How long the program as it is packed takes until it is ready, beside a server of Node that does nothing. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createTemporaryFolder } from '@seekyou/testkit'
import type { Report, Suite } from './harness.ts'
import { start } from './start-up/started.ts'
import type { Start } from './start-up/started.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Packs the program as it is published, unpacks it as npm would, and tells how it is run. */
function install(folder: string): readonly string[] {
  execFileSync(process.execPath, [here('../../bootstrap/pack.mjs'), folder], { stdio: ['ignore', 'ignore', 'pipe'] })
  const file = readdirSync(folder).find((name) => name.endsWith('.tgz'))!
  execFileSync('tar', ['-xzf', file], { cwd: folder })
  return [join(folder, 'package/dist/program/main.cjs')]
}

const bare = [here('start-up/bare-server.mjs')]
const inPlace = ['--conditions=@seekyou/source', here('../../../apps/server/src/main.ts')]

const kinds = ['bare', 'cold', 'warm'] as const
type Kind = (typeof kinds)[number]

const startUp: Report = {
  name: 'start-up on the sandbox until it is ready, over that of a bare node:http listener',
  async run({ isSmoke }) {
    await using folder = await createTemporaryFolder()
    // Where nothing is measured nothing is packed either, as others may just be packing it.
    const program = isSmoke ? inPlace : install(folder.path)
    const place = () => mkdtempSync(join(folder.path, 'data-'))
    const serve = (dataDir: string) =>
      start([...program, '--port', '0', '--print-ready', '--data-dir', dataDir], {
        NODE_COMPILE_CACHE: join(dataDir, 'compiled'),
      })
    const lived = place()
    const ways: Readonly<Record<Kind, () => Promise<Start>>> = {
      bare: () => start(bare),
      cold: () => serve(place()),
      warm: () => serve(lived),
    }
    if (!isSmoke) for (const kind of kinds) await ways[kind]()
    const starts: Readonly<Record<Kind, Start[]>> = { bare: [], cold: [], warm: [] }
    for (let round = 0; round < (isSmoke ? 1 : 15); round++) {
      for (let turn = 0; turn < kinds.length; turn++) {
        const kind = kinds[(turn + round) % kinds.length]!
        starts[kind].push(await ways[kind]())
      }
    }
    return describe(starts)
  },
}

function describe(starts: Readonly<Record<Kind, readonly Start[]>>): string {
  const verdict = (is: number, goal: number) => `goal ${goal} ${is <= goal ? 'met' : 'MISSED'}`
  const middle = (kind: Kind, figure: (start: Start) => number | undefined) =>
    median(starts[kind].map((one) => figure(one) ?? Number.NaN))
  const ratio = (kind: Kind, figure: (start: Start) => number) =>
    median(starts[kind].map((one, round) => figure(one) / figure(starts.bare[round]!)))
  const cpu = ({ cpuMs, wallMs }: Start) => cpuMs ?? wallMs
  const ready = (name: string, kind: Kind, goal: number) =>
    `${ratio(kind, cpu).toFixed(2)} x by processor time, ${ratio(kind, ({ wallMs }) => wallMs).toFixed(2)} x by the clock  ` +
    `${name}: ${middle(kind, cpu).toFixed(0)} ms for ${middle('bare', cpu).toFixed(0)}  ${verdict(ratio(kind, cpu), goal)}`
  const memory = ({ memoryMib }: Start) => memoryMib
  const more = middle('warm', memory) - middle('bare', memory)
  const stop = middle('warm', ({ stopMs }) => stopMs)
  return [
    ready('nothing was compiled before', 'cold', 1.9),
    ready('compiled before, data there', 'warm', 1.5),
    `${more.toFixed(1)} MiB more RSS when idle: ${middle('warm', memory).toFixed(1)} for ${middle('bare', memory).toFixed(1)}  ${verdict(more, 25)}`,
    `${stop.toFixed(0)} ms from SIGTERM to the end when idle  ${verdict(stop, 100)}`,
  ]
    .map((line) => `  ${line}\n`)
    .join('')
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!
}

export const suite: Suite = { reports: [startUp] }
