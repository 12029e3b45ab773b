import type { Readable, Writable } from 'node:stream'
import { confirm, intro, isCancel, outro, password, select, text } from '@clack/prompts'
import type { InitAnswers } from './config-init.ts'
import { ExpectedError } from './expected-error.ts'

interface Terminal {
  readonly input: Readable
  readonly output: Writable
}

/** Asks a person what no flag has told. @throws ExpectedError if they leave. */
export async function askForAnswers(given: InitAnswers, terminal: Terminal): Promise<InitAnswers> {
  intro('A configuration for SeekYou', terminal)
  const backend =
    given.backend ??
    (given.upstream === undefined
      ? await answerOf(
          select({
            ...terminal,
            message: 'Which chat network?',
            options: [
              { value: 'sandbox', label: 'the sandbox', hint: 'simulated, to write and test bots' },
              {
                value: 'onebot',
                label: 'a real account',
                hint: 'through NapCat, LuckyLilliaBot, Lagrange, go-cqhttp …',
              },
            ],
          }),
        )
      : 'onebot')
  const isReal = backend === 'onebot'
  const upstream =
    given.upstream ??
    (isReal
      ? await answerOf(
          text({
            ...terminal,
            message: 'Where does the implementation that has the account listen?',
            initialValue: 'ws://127.0.0.1:3001',
            validate: (value) =>
              /^(?:ws|http)s?:\/\/./i.test(value ?? '') ? undefined : 'A ws://, wss://, http:// or https:// URL',
          }),
        )
      : undefined)
  const upstreamToken =
    given.upstreamToken ??
    (isReal
      ? await answerOf(password({ ...terminal, message: 'The access token that it asks for (empty: none)' }))
      : undefined)
  const host =
    given.host ??
    (await answerOf(
      select({
        ...terminal,
        message: 'Who may connect?',
        options: [
          { value: '127.0.0.1', label: 'programs of this machine' },
          { value: '0.0.0.0', label: 'others as well', hint: 'a token is made that they must show' },
        ],
      }),
    ))
  const port =
    given.port ??
    Number(
      await answerOf(
        text({
          ...terminal,
          message: 'On which port?',
          initialValue: '5700',
          validate: (value) =>
            /^\d{1,5}$/.test(value ?? '') && Number(value) <= 65_535 ? undefined : 'A number from 0 to 65535',
        }),
      ),
    )
  const isCalled =
    given.connect === undefined &&
    (await answerOf(
      confirm({ ...terminal, message: 'Does a bot program wait for us to connect to it?', initialValue: false }),
    ))
  const connect = isCalled
    ? await answerOf(
        text({
          ...terminal,
          message: 'Where? ws:// for a WebSocket, http:// for webhooks',
          initialValue: 'ws://127.0.0.1:8080/onebot/v11/ws',
          validate: (value) =>
            /^(?:ws|http)s?:\/\/./i.test(value ?? '') ? undefined : 'A ws://, wss://, http:// or https:// URL',
        }),
      )
    : given.connect
  const format =
    given.format ??
    (await answerOf(
      select({
        ...terminal,
        message: 'How shall messages look?',
        options: [
          { value: 'string', label: 'text with CQ codes', hint: 'hello [CQ:at,qq=10001]' },
          { value: 'array', label: 'arrays of segments' },
        ],
      }),
    ))
  outro('That is all.', terminal)
  return { ...given, backend, upstream, upstreamToken, host, port, connect, format }
}

async function answerOf<Answer>(question: Promise<Answer>): Promise<Exclude<Answer, symbol>> {
  const answer = await question
  if (isCancel(answer)) throw new ExpectedError('Nothing is written')
  return answer as Exclude<Answer, symbol>
}
