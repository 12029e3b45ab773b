import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createTemporaryFolder, startProgram } from '@seekyou/testkit'
import type { Program } from '@seekyou/testkit'
import { expect, test } from 'vitest'

/** How often something is killed; `SEEKYOU_CRASH_ROUNDS=50` is the soak. */
const ROUNDS = Number(process.env['SEEKYOU_CRASH_ROUNDS'] ?? 3)
const PER_SECOND = 500
/** The links whose ledgers are checked; see `crash-bot.ts`. */
const links = ['webhook', 'reverse-ws', 'ws', 'sse'] as const

const patiently = { timeout: 60_000, interval: 20 }

const botProgram = fileURLToPath(new URL('./crash-bot.ts', import.meta.url))

interface BotPorts {
  readonly webhook: number
  readonly reverse: number
}

/** A run of the bot, listening. */
async function startBot(folder: string, serverUrl: string, ports?: BotPorts) {
  const args = [botProgram, folder, serverUrl, ...(ports ? [String(ports.webhook), String(ports.reverse)] : [])]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  return {
    ports: JSON.parse(line) as BotPorts,
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

const quickly = 'reconnect_interval: 0.2, reconnect_interval_max: 0.5'

const configOf = ({ webhook, reverse }: BotPorts) => `
bots:
  - heartbeat_interval: 0
    connect:
      - { type: webhook, name: hook, url: 'http://127.0.0.1:${webhook}/' }
      - { type: reverse-ws, name: dialled, url: 'ws://127.0.0.1:${reverse}/', ack: explicit, ${quickly} }
defaults: { report_seq: true, replay_max_age: 86400, replay_rate: 0 }
`

/** Says numbered messages through the control API, so many a second, for as long as the server is up. */
function startLoad() {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  const acknowledged: number[] = []
  let url: string | undefined
  let asked = 0
  const say = () => {
    const body = JSON.stringify({ as: 10001, group_id: 20001, message: `number ${++asked}` })
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const sent = request(`${url}/sandbox/say`, { method: 'POST', agent, headers }, (response) => {
      let answer = ''
      response.on('error', () => undefined)
      response.on('data', (chunk: Buffer) => (answer += chunk.toString()))
      response.on('end', () => {
        const { retcode, data } = JSON.parse(answer) as { retcode: number; data: { message_id: number } }
        if (retcode === 0) acknowledged.push(data.message_id)
      })
    })
    sent.on('error', () => undefined)
    sent.end(body)
  }
  const everyMs = 10
  const timer = setInterval(() => {
    if (url === undefined) return
    for (let nth = 0; nth < (PER_SECOND * everyMs) / 1000; nth++) say()
  }, everyMs)
  return {
    acknowledged,
    get asked() {
      return asked
    },
    begin: (at: string) => void (url = at),
    pause: () => void (url = undefined),
    [Symbol.dispose]() {
      clearInterval(timer)
      agent.destroy()
    },
  }
}

/** What a link was told, connection by connection. */
async function readLedger(folder: string, link: string): Promise<readonly (readonly (readonly [number, number])[])[]> {
  const text = await readFile(join(folder, link), 'utf8')
  return text.split('+\n').map((connection) =>
    connection
      .split('\n')
      // A line that a kill cut off was not said to be taken.
      .filter((line, index, lines) => /^\d+ \d+$/.test(line) && index < lines.length - 1)
      .map((line) => line.split(' ').map(Number) as [seq: number, id: number]),
  )
}

async function countOf(folder: string, link: string): Promise<number> {
  return (await readLedger(folder, link)).flat().length
}

test(
  'whatever is killed, whenever: what the server acknowledged reaches every link, in order, and twice only at the seams',
  async () => {
    await using folder = await createTemporaryFolder()
    const ledgers = join(folder.path, 'ledgers')
    await using opened = new AsyncDisposableStack()
    using load = startLoad()

    // The ports are known once both have run.
    let bot = await startBot(ledgers, '')
    const { ports } = bot
    let server: Program = await startProgram({ folder: folder.path, config: configOf(ports) })
    const { url, port } = server
    const flags = ['--port', String(port)]
    await bot.kill()
    bot = await startBot(ledgers, url, ports)
    opened.defer(() => server[Symbol.asyncDispose]())
    opened.defer(() => bot.kill())

    const killed = { server: 0, bot: 0, both: 0 }
    for (let round = 0; round < ROUNDS; round++) {
      // Whatever is killed is killed while every link is being told something.
      const before = await Promise.all(links.map((link) => countOf(ledgers, link)))
      load.begin(url)
      for (const [index, link] of links.entries()) {
        await expect.poll(() => countOf(ledgers, link), patiently).toBeGreaterThan(before[index]!)
      }
      await pause(Math.random() * 1000)
      const victim = (['server', 'bot', 'both'] as const)[ROUNDS <= 3 ? round % 3 : Math.floor(Math.random() * 3)]!
      killed[victim]++
      if (victim !== 'bot') {
        load.pause()
        await server.stop('SIGKILL')
      }
      if (victim !== 'server') {
        await bot.kill()
        await pause(Math.random() * 300)
        bot = await startBot(ledgers, url, ports)
      }
      if (victim !== 'bot') server = await startProgram({ folder: folder.path, flags })
    }
    load.pause()

    const reached = async (link: string) => new Set((await readLedger(ledgers, link)).flat().map(([, id]) => id))
    for (const link of links) {
      const missing = async () => {
        const ids = await reached(link)
        return load.acknowledged.filter((id) => !ids.has(id)).length
      }
      await expect.poll(missing, { ...patiently, interval: 250, message: `missing on ${link}` }).toBe(0)
    }

    const counts = []
    for (const link of links) {
      const connections = await readLedger(ledgers, link)
      for (const connection of connections) {
        const seqs = connection.map(([seq]) => seq)
        expect(seqs).toEqual([...new Set(seqs)].toSorted((left, right) => left - right))
      }
      const all = connections.flat().map(([seq]) => seq)
      // The first time of each is in the order of the journal, over all connections.
      const firsts = [...new Set(all)]
      expect(firsts).toEqual(firsts.toSorted((left, right) => left - right))
      counts.push(`${link} ${all.length} (${all.length - firsts.length} twice, ${connections.length - 1} connections)`)
    }
    const kills = `${killed.server} times the server, ${killed.bot} the bot, ${killed.both} both`
    process.stdout.write(
      `killed ${kills}: ${load.asked} messages said, ${load.acknowledged.length} acknowledged, 0 lost; ` +
        `told: ${counts.join(', ')}\n`,
    )
  },
  120_000 + ROUNDS * 10_000,
)
