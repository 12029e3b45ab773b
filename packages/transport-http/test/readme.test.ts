import * as protocol from '@seekyou/protocol'
import { createRecordingLogger, createScriptedGateway, examplesOf, runExample, startTcpServer } from '@seekyou/testkit'
import * as transport from '@seekyou/transport-http'
import { expect, it } from 'vitest'

it('the example of the README serves a call, and posts to a program', async () => {
  // A program that takes whatever it is posted.
  await using program = await startTcpServer((socket) => {
    socket.on('data', () => void socket.write('HTTP/1.1 204 No Content\r\n\r\n'))
  })
  const [example = ''] = examplesOf(new URL('../README.md', import.meta.url))
  const gateway = createScriptedGateway()
  await runExample(example.replace('127.0.0.1:8080', `127.0.0.1:${program.port}`), {
    modules: { '@seekyou/protocol': protocol, '@seekyou/transport-http': transport },
    given: { gateway, log: createRecordingLogger() },
  })
  expect(gateway.calls).toMatchObject([{ action: 'send_msg', params: { user_id: '10001', message: 'hi' } }])
})
