import * as http from 'node:http'
import {
  createRecordingLogger,
  createScriptedGateway,
  createVirtualClock,
  examplesOf,
  runExample,
} from '@seekyou/testkit'
import * as transport from '@seekyou/transport-ws'
import { expect, it } from 'vitest'

it('the example of the README serves a socket, and dials one', async () => {
  const [example = ''] = examplesOf(new URL('../README.md', import.meta.url))
  const code = example.replace('listen(5700,', 'listen(0,').replace('127.0.0.1:8080', '127.0.0.1:1')
  const printed: unknown[] = []
  await runExample(`${code}\nhttp.close()`, {
    modules: { 'node:http': http, '@seekyou/transport-ws': transport },
    given: {
      gateway: createScriptedGateway(),
      clock: createVirtualClock(),
      log: createRecordingLogger(),
      console: { log: (value: unknown) => printed.push(value) },
    },
  })
  expect(printed).toEqual([{ phase: 'connecting' }])
})
