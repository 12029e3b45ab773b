import type { Socket } from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { startTcpServer, within } from '@seekyou/testkit'
import { casesOf } from '../door.ts'
import type { Door } from '../door.ts'
import { spoilt, strangeJson, strangeText } from '../strange.ts'
import { startSubject } from '../subject.ts'

const operations = fc.constantFrom<unknown>(
  { reply: 'hi', at_sender: false },
  { reply: [{ type: 'image', data: { file: 'base64://AAAA' } }], auto_escape: true },
  { delete: true, kick: true, ban: true, ban_duration: 60, reject_add_request: false },
  { approve: true, remark: 'x', reason: 'y' },
  { block: true },
)

/** Answers that are HTTP and take the event, whatever else they say. */
const good = fc
  .record({
    status: fc.constantFrom('200 OK', '204 No Content', '201', '299 ☃', '200'),
    text: fc.oneof(
      spoilt(operations).map((value) => JSON.stringify(value)),
      strangeJson,
    ),
    type: fc.constantFrom('application/json', 'text/html', '', 'application/json; charset=gb2312'),
    coding: fc.constantFrom('', '', 'gzip', 'br', 'lies', 'deflate'),
    header: strangeText.map((text) => text.replaceAll(/[^ -~]/g, '').slice(0, 500)),
  })
  .map(({ status, text: json, type, coding, header }) => {
    const text = Buffer.from(json)
    const body = status.startsWith('204')
      ? Buffer.alloc(0)
      : coding === 'gzip'
        ? gzipSync(text)
        : coding === 'br'
          ? brotliCompressSync(text)
          : text
    const lines = [
      `HTTP/1.1 ${status}`,
      `Content-Type: ${type}`,
      `Content-Length: ${body.length}`,
      `X-Strange: ${header}`,
      ...(coding && !status.startsWith('204') ? [`Content-Encoding: ${coding}`] : []),
    ]
    return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body])
  })

/** A bomb: 16 MiB of JSON in a few KiB. */
const bomb = ((): Buffer => {
  const body = gzipSync(Buffer.from(`{"reply":"${'a'.repeat(16 * 1024 * 1024)}"}`))
  return Buffer.concat([
    Buffer.from(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`),
    body,
  ])
})()

/** Answers that are none: the event comes again. */
const bad = fc
  .oneof(
    fc.constantFrom(
      '',
      'HTTP/1.1 200 OK\r\n',
      'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}',
      'HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n',
      'HTTP/1.1 099 What\r\nContent-Length: 0\r\n\r\n',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
      'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n',
      'HTTP/1.1 503 Later\r\nRetry-After: -1\r\nContent-Length: 0\r\n\r\n',
      'HTTP/1.1 503 Later\r\nRetry-After: 1e9\r\nContent-Length: 0\r\n\r\n',
      'HTTP/1.1 301 Moved\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n',
      'HTTP/0.9 200\r\n\r\n',
      '\0\0\0',
    ),
    strangeText,
  )
  .map((text) => Buffer.from(text))

interface Answer {
  readonly bytes: Buffer
  readonly takes: boolean
}

const answers: fc.Arbitrary<Answer> = fc.oneof(
  { weight: 30, arbitrary: good.map((bytes) => ({ bytes, takes: true })) },
  { weight: 1, arbitrary: fc.constant({ bytes: bomb, takes: true }) },
  { weight: 1, arbitrary: bad.map((bytes) => ({ bytes, takes: false })) },
)

const plain = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}')

/** What programs answer to the events that are posted to them. */
export const webhooks: Door = {
  name: 'webhooks',
  runs: 1000,
  async open() {
    await using opened = new AsyncDisposableStack()
    let next: Answer | undefined
    let heard: ((text: string) => void) | undefined
    const onSocket = (socket: Socket): void => {
      let request = ''
      socket.on('data', (chunk) => {
        request += chunk.toString('latin1')
        const [head = '', body] = request.split('\r\n\r\n', 2)
        const length = Number(/content-length: (\d+)/i.exec(head)?.[1])
        if (body === undefined || body.length < length) return
        const text = Buffer.from(body, 'latin1').toString()
        request = ''
        const isStrange = next !== undefined && text.includes('attack')
        socket.write(isStrange ? next!.bytes : plain)
        // What is no whole answer is ended, so that nobody waits for the rest of it.
        if (isStrange && !next!.takes) socket.end()
        if (isStrange) next = undefined
        heard?.(text)
      })
    }
    const { port } = opened.use(await startTcpServer(onSocket))
    const config = `bots: [{ heartbeat_interval: 0, connect: [{ type: webhook, name: fuzz, url: 'http://127.0.0.1:${port}/', timeout: 2 }] }]\nfiles: { timeout: 1 }\n`
    const subject = opened.use(await startSubject({ config }))
    let count = 0
    const hears = (words: string): Promise<void> =>
      within(
        12_000,
        new Promise<void>((resolve) => (heard = (text) => text.includes(words) && resolve())),
        () => `the program was not told ${words}`,
      )

    const check = async (answer: Answer): Promise<void> => {
      await subject.program.sandbox('reset', {})
      const words = `after ${++count}`
      next = answer
      await subject.program.sandbox('say', { as: 10001, group_id: 20001, message: `attack ${count}` })
      const told = hears(words)
      await subject.program
        .sandbox('say', { as: 10002, group_id: 20001, message: words })
        .catch(() => subject.program.sandbox('say', { as: 10001, user_id: 10000, message: words }))
      await told
      await subject.isWell()
    }
    const owned = opened.move()
    return { cases: casesOf(answers, check), [Symbol.asyncDispose]: () => owned.disposeAsync() }
  },
}
