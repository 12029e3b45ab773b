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
 * Asks a server to do what is at `path`, such as `get_status` or `sandbox/say`, and returns the `data` of its answer.
 * @throws ExpectedError with exit code 2 where it cannot be reached, 3 where the answer is no.
 */
export async function ask({ url, token }: RemoteFlags, path: string, params: object): Promise<unknown> {
  const { status, text } = await post(new URL(path, url.endsWith('/') ? url : `${url}/`), token, params)
  if (status === 401 || status === 403) {
    const wording = `${url} asks for a token that it takes: set SEEKYOU_TOKEN or use --token`
    throw new ExpectedError(wording, { exitCode: 2 })
  }
  const answer = readEnvelope(text)
  if (!answer) throw new ExpectedError(`${url} does not answer as a bot API server does`, { exitCode: 2 })
  if (answer.status !== 'failed') return answer.data
  throw new ExpectedError(answer.wording || answer.msg || `retcode ${answer.retcode}`, { exitCode: 3 })
}

async function post(url: URL, token: string | undefined, params: object): Promise<{ status: number; text: string }> {
  const shown = token ?? process.env['SEEKYOU_TOKEN']
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(shown && { authorization: `Bearer ${shown}` }) },
      body: JSON.stringify(params),
    })
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
