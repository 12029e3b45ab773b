import { attempt } from '@seekyou/actions'
import type { Token, Tokens } from '@seekyou/hub'
import { ActionFailure, answer, dialects } from '@seekyou/protocol'
import type { Clock, Gateway, Logger } from '@seekyou/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ExpectedError } from './expected-error.ts'
import { createTokenFile, newToken, problemsIn, removeTokenFile } from './token-files.ts'

export interface TokenRoutesSetup {
  /** Whether a request shows the access token; if not, it has been answered. */
  readonly admitsOwner: (request: FastifyRequest, reply: FastifyReply) => boolean
  readonly gateway: Gateway
  readonly tokens: Tokens
  /** Reads the tokens of the data folder again. */
  readonly reload: () => void
  readonly dataDir: string
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Serves `/inspect/tokens` to who has full power: `GET` lists the scoped tokens without their secrets, `POST` makes one
 * and tells its secret once, `DELETE /inspect/tokens/<name>` revokes it. Answers are envelopes.
 */
export function serveTokens(app: FastifyInstance, setup: TokenRoutesSetup): void {
  const { admitsOwner, gateway, tokens, reload, dataDir, clock, log } = setup
  const guarded = {
    onRequest(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
      if (admitsOwner(request, reply)) done()
    },
  }
  const envelope =
    (run: (request: FastifyRequest) => unknown) => async (request: FastifyRequest, reply: FastifyReply) => {
      const { status, body } = answer(await attempt('/inspect/tokens', log, () => run(request)), dialects.default)
      return reply.code(status).header('cache-control', 'no-store').send(body)
    }

  app.get(
    '/inspect/tokens',
    guarded,
    envelope(() => tokens.list().map((token) => describeToken(token, clock))),
  )

  app.post(
    '/inspect/tokens',
    guarded,
    envelope(({ body }) => {
      if (gateway.authorize(undefined).granted) {
        const wording =
          'a token would limit nobody, since this server asks for none: set an access token first, with SEEKYOU_TOKEN'
        throw new ActionFailure('refused', wording)
      }
      const read = newToken.safeParse(body ?? {}, { reportInput: true })
      if (!read.success) throw new ActionFailure('bad-params', problemsIn(read.error).join('; '))
      const { name } = read.data
      if (tokens.named(name)) throw new ActionFailure('bad-params', `there is a token ${JSON.stringify(name)} already`)
      const secret = created(dataDir, read.data, clock)
      reload()
      return { name, token: secret }
    }),
  )

  app.delete<{ Params: { name: string } }>(
    '/inspect/tokens/:name',
    guarded,
    envelope((request) => {
      const { name } = request.params as { readonly name: string }
      if (tokens.named(name)?.origin === 'config') {
        const wording = `the token ${JSON.stringify(name)} stands in the configuration; take it out there`
        throw new ActionFailure('refused', wording)
      }
      if (!removeTokenFile(dataDir, name)) {
        throw new ActionFailure('no-data', `there is no token ${JSON.stringify(name.slice(0, 64))}`)
      }
      reload()
      return null
    }),
  )
}

function created(dataDir: string, token: Parameters<typeof createTokenFile>[1], clock: Clock): string {
  try {
    return createTokenFile(dataDir, token, new Date(clock.now()))
  } catch (error) {
    throw error instanceof ExpectedError ? new ActionFailure('bad-params', error.message, { cause: error }) : error
  }
}

function describeToken({ settings, origin, until }: Token, clock: Clock): object {
  const { sha256, ...told } = settings
  const { expires_at } = settings
  const isExpired = until.aborted || (expires_at !== undefined && Date.parse(expires_at) <= clock.now())
  return { ...told, origin, can_log_in: sha256 !== undefined, expired: isExpired }
}
