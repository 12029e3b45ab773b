import { OutcomeUnknown } from '@seekyou/protocol'
import { expect, test } from 'vitest'
import { outage, startBridge, text, until } from './run.ts'

const group_id = 20001
const rounds = 20

/** How a send ended, and what its message was. */
interface Sent {
  readonly words: string
  readonly outcome: Promise<number | 'not sent' | OutcomeUnknown>
}

test.each(['generic', 'napcat', 'llonebot'] as const)(
  'through 20 deaths of %s under load nothing is said twice, nothing that was told is lost, and every id holds',
  async (kind) => {
    await using run = await startBridge(kind, {
      echo_timeout: 1,
      reconnect_interval: 0.05,
      reconnect_interval_max: 0.1,
    })
    const { upstream, host } = run
    const really = () => upstream.network.messagesIn(group_id).map(({ message }) => message[0]?.data['text'] as string)
    const sends: Sent[] = []
    const send = (words: string): void => {
      const outcome = run.act('send_group_msg', { group_id, message: words }).then(
        (data) => (data as { message_id: number }).message_id,
        (error: unknown) => {
          if (error instanceof OutcomeUnknown) return error
          expect(error).toMatchObject({ name: 'BackendUnreachable' })
          return 'not sent' as const
        },
      )
      sends.push({ words, outcome })
    }

    for (let round = 0; round < rounds; round++) {
      for (let index = 0; index < 5; index++) {
        upstream.network.say(10001, { group_id }, `heard ${round}.${index}`)
        send(`sent ${round}.${index}`)
      }
      await run.hears({ message: text(`heard ${round}.4`) })
      // Some more are on their way when it dies: done and not answered, or not even read.
      upstream.meet('send_group_msg', round % 2 === 0 ? 'unanswered' : 'swallowed')
      for (let index = 5; index < 8; index++) send(`sent ${round}.${index}`)
      if (round % 3 !== 0) await until(() => really().includes(`sent ${round}.7`) || round % 2 === 1)
      await outage(run, () => {
        upstream.meet('send_group_msg')
        send(`sent ${round}.8`)
      })
    }

    const ends = await Promise.all(sends.map(async ({ words, outcome }) => ({ words, end: await outcome })))
    const said = really().filter((words) => words.startsWith('sent'))
    expect(new Set(said).size).toBe(said.length)

    // What could not be told at once was told as soon as it was known.
    const ids = await Promise.all(
      ends.map(async ({ words, end }) => ({
        words,
        id: end instanceof OutcomeUnknown && said.includes(words) ? await settled(end) : end,
      })),
    )
    const told = host.events.flatMap((event) => ('message' in event && 'message_id' in event ? [event] : []))
    const wordsOf = (post_type: string) =>
      told.filter((event) => event.post_type === post_type).map(({ message }) => message[0]?.data['text'])
    const expected = Array.from({ length: rounds * 5 }, (_, at) => `heard ${Math.floor(at / 5)}.${at % 5}`)
    expect(wordsOf('message')).toEqual(expected)
    expect(new Set(told.map(({ message_id }) => message_id)).size).toBe(told.length)

    for (const { words, id } of ids) {
      if (typeof id === 'number') {
        const [event, ...more] = told.filter(({ message }) => message[0]?.data['text'] === words)
        expect({ words, id, more }).toEqual({ words, id: event?.message_id, more: [] })
      } else {
        expect(said).not.toContain(words)
      }
    }
    const sent = wordsOf('message_sent')
    expect(sent).toHaveLength(said.length)
    expect(new Set(sent)).toEqual(new Set(said))
  },
  60_000,
)

async function settled({ outcome }: OutcomeUnknown): Promise<number> {
  return ((await outcome) as { message_id: number }).message_id
}
