import { readFile } from 'node:fs/promises'
import type { EventFilter } from '@seekyou/event-filter'
import type { Envelope } from '@seekyou/protocol'
import type { Command } from 'commander'
import type { ErrorEvent } from 'eventsource'
import { ExpectedError } from '../expected-error.ts'
import { addRemoteOptions, addressOf, ask, chooseBot, credentialOf, refusedToken, unreachable } from './remote.ts'
import type { RemoteFlags } from './remote.ts'

interface TailFlags extends RemoteFlags {
  readonly calls?: boolean
  readonly filter?: string
  readonly json?: boolean
  readonly resume?: string
}

type Fields = Readonly<Record<string, unknown>>

/** `seekyou tail`: shows the events of a running server as they happen. */
export function addTailCommand(program: Command): void {
  addRemoteOptions(program.command('tail'))
    .description('show events as they happen, until it is stopped')
    .option('--filter <file>', 'only those that pass the event filter in this JSON file')
    .option('--calls', 'also the calls of bot programs, each with its answer')
    .option('--json', 'as lines of JSON; what is done where no terminal looks')
    .option('--resume <seq>', 'begin after this event and not now; 0: with everything that is kept')
    .addHelpText(
      'after',
      `
When the connection is lost it is made again, and what happened meanwhile is shown, too.

Examples:
  seekyou tail
  seekyou tail --calls
  seekyou tail --filter groups.json
  seekyou tail --json | jq .raw_message`,
    )
    .action(async ({ calls, filter, json, resume, ...flags }: TailFlags) => {
      if (resume !== undefined && !/^\d{1,15}$/.test(resume)) {
        throw new ExpectedError(`--resume takes the number of an event, not ${JSON.stringify(resume)}`)
      }
      if (calls && resume !== undefined) {
        throw new ExpectedError('--resume is about events, which are kept; calls are shown from now on: leave one out')
      }
      const rules = filter === undefined ? undefined : await readFilter(filter)
      const isPlain = json ?? !process.stdout.isTTY
      const show = (record: Fields, describe: (record: Fields) => string): void => {
        process.stdout.write(`${isPlain ? JSON.stringify(record) : describe(record)}\n`)
      }
      const showEvent = (event: Fields): void => {
        if (rules?.test(event) !== false) show(event, describeEvent)
      }
      const server = await chooseBot(flags)
      const begin = resume === undefined ? '' : `?resume=${resume}`
      if (!calls) return follow(addressOf(server.url, `_events${begin}`), server, showEvent)
      // A stream that is refused does not say why.
      await ask(server, 'inspect/tap?format=json&limit=1')
      return follow(addressOf(server.url, 'inspect/tap?types=event,call&recent=0'), server, (record) => {
        if (record['type'] === 'event') showEvent(record['event'] as Fields)
        else if (record['type'] === 'call') show(record, () => describeCall(record as unknown as CallLine))
        else
          process.stderr.write(`more happened than could be shown: ${String(record['missed'])} records are left out\n`)
      })
    })
}

/** Reads the stream, and comes back with the last event it has whenever it breaks. @throws ExpectedError for good. */
async function follow(url: URL, { token }: RemoteFlags, show: (told: Fields) => void): Promise<never> {
  const { EventSource } = await import('eventsource')
  let isOpen = false
  let failure: unknown
  const source = new EventSource(url, {
    async fetch(input, init) {
      try {
        return await fetch(input, { ...init, headers: { ...init.headers, ...credentialOf(token) } })
      } catch (error) {
        failure = error
        throw error
      }
    },
  })
  // While it waits to connect again nothing else keeps the process alive.
  const alive = setInterval(() => undefined, 2 ** 30)
  return new Promise<never>((_, reject) => {
    source.addEventListener('open', () => void (isOpen = true))
    source.addEventListener('message', ({ data }) => {
      try {
        show(JSON.parse(data as string) as Fields)
      } catch (error) {
        source.close()
        reject(error)
      }
    })
    source.addEventListener('error', ({ code, message }: ErrorEvent) => {
      // One that was open once comes back; one that never was has a wrong address or a wrong token.
      if (isOpen && code === undefined) {
        process.stderr.write('the connection was lost; connecting again\n')
        return
      }
      if (isOpen && source.readyState !== source.CLOSED) return
      source.close()
      if (code === 401 || code === 403) reject(refusedToken(url.origin, code, { token }))
      else if (code === undefined && failure !== undefined) reject(unreachable(url, failure))
      else
        reject(
          new ExpectedError(`${url.origin} tells no events: ${message ?? 'the stream broke off'}`, { exitCode: 2 }),
        )
    })
  }).finally(() => clearInterval(alive))
}

async function readFilter(file: string): Promise<EventFilter> {
  const { compileFilter } = await import('@seekyou/event-filter/compile')
  try {
    return compileFilter(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const reason = code === 'ENOENT' ? 'there is no such file' : message
    throw new ExpectedError(`${file} is no event filter: ${reason}`, { cause: error })
  }
}

/** An event in one line, for people. */
function describeEvent(event: Fields): string {
  const { time, post_type, sub_type, raw_message, user_id, group_id, sender, ...rest } = event
  const at = new Date(Number(time) * 1000).toLocaleTimeString('en-GB')
  const detail = event[post_type === 'message_sent' ? 'message_type' : `${String(post_type)}_type`]
  const name = [post_type, detail, sub_type].filter((part) => typeof part === 'string' && part !== '').join('.')
  const place = group_id === undefined ? '' : ` group ${JSON.stringify(group_id)}`
  const who = user_id === undefined ? '' : ` ${nameOf(sender)}${JSON.stringify(user_id)}`
  const said = typeof raw_message === 'string' ? JSON.stringify(raw_message) : JSON.stringify(leftOver(rest))
  return `${at}  ${name}${place}${who}  ${said}`
}

/** What the tap tells of a call. */
interface CallLine {
  readonly at: number
  readonly action: string
  readonly params: unknown
  readonly answer: Envelope
  readonly ms: number
  readonly link?: string
  readonly from?: string
}

/** A call in one line, for people. */
function describeCall({ at, action, params, answer, ms, link, from }: CallLine): string {
  const { status, retcode, wording = '', data } = answer
  const time = new Date(at).toLocaleTimeString('en-GB')
  const end = status === 'failed' ? `failed ${retcode}: ${wording}` : `${status} ${brief(data)}`
  const origin = link ?? from
  return `${time}  call ${action} ${brief(params)}${origin === undefined ? '' : ` from ${origin}`}  ${end}  ${ms} ms`
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? ''
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`
}

function nameOf(sender: unknown): string {
  const { card, nickname } = (sender ?? {}) as { readonly card?: unknown; readonly nickname?: unknown }
  const name = card || nickname
  return typeof name === 'string' ? `${JSON.stringify(name)} ` : ''
}

/** What the line does not say already. */
function leftOver({ self_id: _self, ...rest }: Fields): Fields {
  return Object.fromEntries(
    Object.entries(rest).filter(([key]) => !/^(?:notice|request|meta_event|message)_type$/.test(key)),
  )
}
