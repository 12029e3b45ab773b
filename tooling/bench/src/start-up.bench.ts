/** How long the program as it is packed takes until it is ready, beside a server of Node that does nothing. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createTemporaryFolder } from '@seekyou/testkit'
import type { Finding, Report, Suite } from './harness.ts'
import { median } from './result.ts'
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

/** What a start has to read and to judge where somebody wrote a configuration. */
const CONFIGURATION = `
defaults: { message_format: array }
bots:
  - backend: { type: sandbox }
    listen: [{ host: 127.0.0.1, port: 5700 }]
`

const kinds = ['bare', 'cold', 'warm', 'configured'] as const
type Kind = (typeof kinds)[number]

const startUp: Report = {
  name: 'start-up on the sandbox until it is ready, over that of a bare node:http listener',
  async run({ isSmoke }): Promise<readonly Finding[]> {
    await using folder = await createTemporaryFolder()
    // Where nothing is measured nothing is packed either, as others may just be packing it.
    const program = isSmoke ? inPlace : install(folder.path)
    const place = () => mkdtempSync(join(folder.path, 'data-'))
    const serve = (dataDir: string, ...flags: string[]) =>
      start([...program, '--port', '0', '--print-ready', '--data-dir', dataDir, ...flags], {
        NODE_COMPILE_CACHE: join(dataDir, 'compiled'),
      })
    const [lived, configured] = [place(), place()]
    const file = join(configured, 'seekyou.yml')
    writeFileSync(file, CONFIGURATION)
    const ways: Readonly<Record<Kind, () => Promise<Start>>> = {
      bare: () => start(bare),
      cold: () => serve(place()),
      warm: () => serve(lived),
      configured: () => serve(configured, '--config', file),
    }
    if (!isSmoke) for (const kind of kinds) await ways[kind]()
    const starts: Readonly<Record<Kind, Start[]>> = { bare: [], cold: [], warm: [], configured: [] }
    for (let round = 0; round < (isSmoke ? 1 : 15); round++) {
      for (let turn = 0; turn < kinds.length; turn++) {
        const kind = kinds[(turn + round) % kinds.length]!
        starts[kind].push(await ways[kind]())
      }
    }
    return describe(starts)
  },
}

function describe(starts: Readonly<Record<Kind, readonly Start[]>>): readonly Finding[] {
  const middle = (kind: Kind, figure: (start: Start) => number | undefined) =>
    median(starts[kind].map((one) => figure(one) ?? Number.NaN))
  const ratio = (kind: Kind, figure: (start: Start) => number) =>
    median(starts[kind].map((one, round) => figure(one) / figure(starts.bare[round]!)))
  const cpu = ({ cpuMs, wallMs }: Start) => cpuMs ?? wallMs
  const ready = (name: string, kind: Kind, atMost?: number): Finding => ({
    name,
    ratio: ratio(kind, cpu),
    value: middle(kind, cpu),
    unit: 'ms',
    ...(atMost !== undefined && { goal: { of: 'ratio' as const, atMost } }),
    details:
      `of processor time, where the bare one takes ${middle('bare', cpu).toFixed(0)}; ` +
      `${ratio(kind, ({ wallMs }) => wallMs).toFixed(2)} x by the clock`,
  })
  const memory = ({ memoryMib }: Start) => memoryMib
  const [ours, bareMemory] = [middle('warm', memory), middle('bare', memory)]
  return [
    ready('nothing was compiled before', 'cold', 1.9),
    ready('compiled before, data there', 'warm', 1.5),
    ready('the same with a configuration file', 'configured'),
    {
      name: 'more RSS when idle',
      value: ours - bareMemory,
      unit: 'MiB',
      goal: { of: 'value', atMost: 25 },
      details: `${ours.toFixed(1)} for ${bareMemory.toFixed(1)}`,
    },
    {
      name: 'from SIGTERM to the end when idle',
      value: middle('warm', ({ stopMs }) => stopMs),
      unit: 'ms',
      goal: { of: 'value', atMost: 100 },
    },
  ]
}

export const suite: Suite = {
  about: 'The packed program until it is ready, beside a bare `node:http` listener.',
  reports: [startUp],
}
