import type { Envelope } from '@seekyou/protocol'
import type { Command } from 'commander'
import { ExpectedError } from '../expected-error.ts'

/** The running server that a command talks to. */
export interface RemoteFlags {
  readonly url: string
  readonly token?: string
}

/** Lets a command take the flags that say which server it talks to. */
export function addRemoteOptions(command: Command): Command {
  const { env } = process
  return command
    .option(
      '--url <url>',
      'where the server listens (SEEKYOU_URL)',
      env['SEEKYOU_URL'] || `http://127.0.0.1:${env['SEEKYOU_PORT'] || 5700}`,
    )
    .option('--token <token>', 'its access token (better: SEEKYOU_TOKEN, which no list of processes shows)')
}

/**
 * Asks a server to do what is at `path`, such as `get_status` or `sandbox/say`, and returns the `data` of its answer;
 * without `params` it only asks to see it.
 * @throws ExpectedError with exit code 2 where it cannot be reached, 3 where the answer is no.
 */
export async function ask({ url, token }: RemoteFlags, path: string, params?: object): Promise<unknown> {
  const { status, text } = await request(addressOf(url, path), token, params)
  if (status === 401 || status === 403) {
    const wording = `${url} asks for a token that it takes: set SEEKYOU_TOKEN or use --token`
    throw new ExpectedError(wording, { exitCode: 2 })
  }
  const answer = readEnvelope(text)
  if (!answer) throw new ExpectedError(`${url} does not answer as a bot API server does`, { exitCode: 2 })
  if (answer.status !== 'failed') return answer.data
  throw new ExpectedError(answer.wording || answer.msg || `retcode ${answer.retcode}`, { exitCode: 3 })
}

/** Where something is on the server; what follows from there may be a path or a path with a query. */
export function addressOf(url: string, path: string): URL {
  return new URL(path, url.endsWith('/') ? url : `${url}/`)
}

/** The header that shows the token, if there is one to show. */
export function credentialOf(token: string | undefined): Readonly<Record<string, string>> {
  const shown = token ?? process.env['SEEKYOU_TOKEN']
  return shown ? { authorization: `Bearer ${shown}` } : {}
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
    const { cause: reason } = cause as Error
    const why = reason instanceof Error && 'code' in reason ? String(reason.code) : (cause as Error).message
    throw new ExpectedError(`${url.origin} cannot be reached: ${why}`, { exitCode: 2, cause })
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
