import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import * as yaml from 'yaml'
import { casesOf } from '../door.ts'
import type { Door } from '../door.ts'
import { mangled, mangledLines, spoilt, strangeText } from '../strange.ts'

const inServer = (path: string): URL => new URL(`../../../../apps/server/${path}`, import.meta.url)

const ours = readFileSync(inServer('seekyou.example.yml'), 'utf8')
const goCqhttp = `account: { uin: 1233456, password: '' }
heartbeat: { interval: 5 }
message: { post-format: array, report-self-message: true }
default-middlewares: &default
  access-token: \${TOKEN:}
  filter: ''
  rate-limit: { enabled: true, frequency: 2, bucket: 3 }
servers:
  - http:
      address: 127.0.0.1:5700
      timeout: 5
      long-polling: { enabled: true, max-queue-size: 2000 }
      post:
        - url: http://127.0.0.1:5701/
          secret: ''
          max-retries: 3
      middlewares:
        <<: *default
  - ws: { address: '127.0.0.1:8080', middlewares: { <<: *default } }
  - ws-reverse:
      universal: ws://127.0.0.1:8080/ws
      reconnect-interval: 3000
      middlewares: { <<: *default }
`
const ini =
  '[general]\nhost=127.0.0.1\nport=5702\naccess_token=abc\npost_url=http://127.0.0.1:8081/\nuse_ws=yes\nws_port=6700\n\n[10000]\npost_message_format=array\n'
const json =
  '{"host":"127.0.0.1","port":5700,"use_http":true,"post_url":"http://127.0.0.1:8080","secret":"x","ws_reverse_url":"ws://127.0.0.1:8080/ws"}'

const seeds = [
  { name: 'seekyou.yml', text: ours },
  { name: 'config.yml', text: goCqhttp },
  { name: 'config.ini', text: ini },
  { name: 'config.json', text: json },
] as const

interface ConfigFile {
  readonly name: string
  readonly text: string
}

const bombs = [
  `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
    .split('')
    .map((name, index) => `${name}: &${name} [${`*${'abcdefghi'[index]},`.repeat(9)}]`)
    .join('\n')}\n`,
  '['.repeat(2_000),
  '{a: '.repeat(2_000),
  '- '.repeat(2_000),
  'a: &a { <<: *a }\n',
  'a: &a [*a]\n',
  'servers: &s [*s]\naccount: 1\n',
  '? {a: 1}\n: 2\n',
  '!!js/function x: 1\n',
  '%YAML 9.9\n---\n...\n---\na: 1\n',
  '<<: 1\nservers: []\n',
]

const files: fc.Arbitrary<ConfigFile> = fc.oneof(
  ...seeds.map(({ name, text }) =>
    fc.oneof(mangled(fc.constant(text)), mangledLines(fc.constant(text))).map((changed) => ({ name, text: changed })),
  ),
  ...seeds
    .filter(({ name }) => name !== 'config.ini')
    .map(({ name, text }) =>
      spoilt(fc.constant(yaml.parse(text, { merge: true }) as unknown)).map((value) => ({
        name,
        text: JSON.stringify(value),
      })),
    ),
  fc.record({
    name: fc.constantFrom(...seeds.map(({ name }) => name)),
    text: fc.oneof(fc.constantFrom(...bombs), strangeText),
  }),
)

/** How long one file may take to be read. */
const MOST_MS = 5000

/** What a person, or another program, may have written into a configuration: it is read, or it is said what is wrong. */
export const configs: Door = {
  name: 'configs',
  runs: 6000,
  async open() {
    const folder = await mkdtemp(join(tmpdir(), 'seekyou-fuzz-'))
    // The program has no door for this but its command line, which takes half a second for each.
    const { loadConfig } = (await import(inServer('src/config.ts').href)) as {
      readonly loadConfig: (file: string, overrides: object, env: object) => Promise<unknown>
    }
    const check = async ({ name, text }: ConfigFile): Promise<void> => {
      const file = join(folder, name)
      await writeFile(file, text)
      const began = performance.now()
      try {
        await loadConfig(file, {}, { TOKEN: 'the-secret-token', UPSTREAM_TOKEN: 'the-secret-token' })
      } catch (error) {
        if (!(error instanceof Error) || error.constructor.name !== 'ConfigError') throw error
        if (error.message.includes('the-secret-token'))
          throw new Error(`a message tells a secret: ${error.message}`, { cause: error })
      }
      const took = performance.now() - began
      if (took > MOST_MS) throw new Error(`it took ${took.toFixed(0)} ms`)
    }
    // The first file that is read brings the modules that read it, and those are not what is timed.
    await check(seeds[0]).catch(() => undefined)
    return { cases: casesOf(files, check), [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
  },
}
