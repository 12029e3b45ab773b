import type { Envelope } from '@seekyou/protocol'
import { InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import { ExpectedError } from '../expected-error.ts'

/** The running server that a command talks to. */
export interface RemoteFlags {
  readonly url: string
  readonly token?: string
  /** The number of the bot that is meant, where the server has several. */
  readonly bot?: string
}

/** What `/inspect/bots` tells of each bot. */
export interface BotRow {
  readonly bot: string
  readonly self_id: number | null
  readonly phase: string
  readonly reason: string | null
  readonly listeners: readonly { readonly url: string }[]
}

/** Lets a command take the flags that say which server it talks to. */
export function addRemoteOptions(command: Command): Command {
  const { env } = process
  return command
    .option(
      '--url <url>',
      'where the server listens (SEEKYOU_URL)',
      readUrl,
      env['SEEKYOU_URL'] || `http://127.0.0.1:${env['SEEKYOU_PORT'] || 5700}`,
    )
    .option('--bot <self_id>', 'which of its bots, if it has several; default: the one that listens at the url')
    .option('--token <token>', 'its access token (better: SEEKYOU_TOKEN, which no list of processes shows)')
}

/**
 * Asks a server to do what is at `path`, such as `get_status` or `sandbox/say`, and returns the `data` of its answer;
 * without `params` it only asks to see it.
 * @throws ExpectedError with exit code 2 where it cannot be reached, 3 where the answer is no.
 */
export async function ask(flags: RemoteFlags, path: string, params?: object): Promise<unknown> {
  const { url, token } = await chooseBot(flags)
  const { status, text } = await request(addressOf(url, path), token, params)
  const answer = readEnvelope(text)
  if (status === 401 || status === 403) throw refusedToken(url, status, { token, wording: answer?.wording })
  if (!answer) throw new ExpectedError(`${url} does not answer as a bot API server does`, { exitCode: 2 })
  if (answer.status !== 'failed') return answer.data
  throw new ExpectedError(answer.wording || answer.msg || `retcode ${answer.retcode}`, { exitCode: 3 })
}

/** The flags with the url of the bot that they name, if they name one. @throws ExpectedError as `ask` does. */
export async function chooseBot(flags: RemoteFlags): Promise<Omit<RemoteFlags, 'bot'>> {
  const { bot, ...rest } = flags
  // That of the environment no parser of flags has seen.
  if (!URL.canParse(rest.url))
    throw new ExpectedError(
      `SEEKYOU_URL takes an address such as http://127.0.0.1:5700, not ${JSON.stringify(rest.url)}`,
    )
  if (bot === undefined) return rest
  const bots = (await ask(rest, 'inspect/bots')) as readonly BotRow[]
  const found = bots.find(({ self_id }) => String(self_id) === bot)
  if (!found) {
    const known = bots.flatMap(({ self_id }) => self_id ?? []).join(', ')
    throw new ExpectedError(`${rest.url} has no bot ${JSON.stringify(bot)}; its bots are ${known}`)
  }
  const url = urlOfBot(rest.url, found)
  if (url === undefined) throw new ExpectedError(`the bot ${bot} listens nowhere that a command could reach`)
  return { ...rest, url }
}

/** Where a bot listens, on the machine that was asked; `undefined` where that is a unix socket or nowhere. */
export function urlOfBot(asked: string, { listeners }: BotRow): string | undefined {
  const place = listeners.find(({ url }) => /^https?:/.test(url))
  if (!place) return undefined
  const url = new URL(place.url)
  // What listens on every network is told as the loopback address, which is another machine for who comes from afar.
  if (url.hostname === '127.0.0.1') url.hostname = new URL(asked).hostname
  return url.origin
}

/** Where something is on the server; what follows from there may be a path or a path with a query. */
export function addressOf(url: string, path: string): URL {
  return new URL(path, url.endsWith('/') ? url : `${url}/`)
}

/** An address as people write it, with its scheme. @throws InvalidArgumentError for what is none. */
function readUrl(text: string): string {
  const url = /^[a-z]+:\/\//i.test(text) ? text : `http://${text}`
  if (/^https?:/i.test(url) && URL.canParse(url)) return url
  throw new InvalidArgumentError('It takes an address such as http://127.0.0.1:5700.')
}

/** The header that shows the token, if there is one to show. */
export function credentialOf(token: string | undefined): Readonly<Record<string, string>> {
  const shown = shownToken(token)
  // A character of a header is a byte; that of `protocol` is not worth loading all of it.
  return shown ? { authorization: `Bearer ${Buffer.from(shown).toString('latin1')}` } : {}
}

function shownToken(token: string | undefined): string | undefined {
  return token ?? process.env['SEEKYOU_TOKEN']
}

/** What to tell where a token is missing or wrong, or where it does not open what is asked for. */
export function refusedToken(
  url: string,
  status: 401 | 403,
  { token, wording }: { readonly token: string | undefined; readonly wording?: string | undefined },
): ExpectedError {
  const sentence =
    status === 403 && wording
      ? `${url} does not take this token here: ${wording}`
      : shownToken(token)
        ? `${url} does not take this token: give another one with SEEKYOU_TOKEN or --token`
        : `${url} asks for a token: set SEEKYOU_TOKEN or use --token`
  return new ExpectedError(sentence, { exitCode: 2 })
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no such host',
}

/** What to tell where no server answers. */
export function unreachable({ origin }: URL, cause: unknown): ExpectedError {
  const { cause: inner } = cause as Error
  const code = inner instanceof Error && 'code' in inner ? String(inner.code) : undefined
  const why = code === undefined ? ((inner ?? cause) as Error).message : (reasons[code] ?? code)
  const wording = `${origin} cannot be reached: ${why}; where the server listens is told with --url or SEEKYOU_URL`
  return new ExpectedError(wording, { exitCode: 2, cause })
}

async function request(url: URL, token: string | undefined, params: object | undefined) {
  const headers = credentialOf(token)
  const post = params && {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(params),
  }
  try {
    const response = await fetch(url, { headers, ...post })
    return { status: response.status, text: await response.text() }
  } catch (cause) {
    throw unreachable(url, cause)
  }
}

function readEnvelope(text: string): Envelope | undefined {
  try {
    const answer: unknown = JSON.parse(text)
    return typeof answer === 'object' && answer !== null && 'status' in answer ? (answer as Envelope) : undefined
  } catch {
    return undefined
  }
}
