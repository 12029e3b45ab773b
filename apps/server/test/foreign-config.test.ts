import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTemporaryFolder } from '@seekyou/testkit'
import { expect, test } from 'vitest'
import { loadConfig } from '../src/config.ts'

async function load(name: string, text: string, env: NodeJS.ProcessEnv = {}) {
  await using folder = await createTemporaryFolder()
  const file = join(folder.path, name)
  await writeFile(file, text)
  return await loadConfig(file, {}, env)
}

test('a config.yml of go-cqhttp is read with its anchors, its environment and its servers', async () => {
  const { config, notes } = await load(
    'config.yml',
    `account: { uin: 1233456, password: '' }
heartbeat: { interval: 5 }
message: { post-format: array, report-self-message: true }
default-middlewares: &default
  access-token: 0123
  rate-limit: { enabled: true, frequency: 2, bucket: 3 }
servers:
  - http:
      host: 127.0.0.1
      port: 5701
      post:
        - { url: 'http://127.0.0.1:8081/', secret: \${SECRET} }
      middlewares:
        <<: *default
  - ws-reverse:
      universal: ws://127.0.0.1:8080/ws
      reconnect-interval: 5000
      middlewares: { <<: *default }
`,
    { SECRET: 'abc' },
  )
  expect(config.defaults).toMatchObject({ dialect: 'go-cqhttp', message_format: 'array', report_self_message: true })
  const link = { access_token: '0123', rate_limit: { frequency: 2, bucket: 3 } }
  expect(config.bots).toMatchObject([
    {
      heartbeat_interval: 5,
      listen: [{ host: '127.0.0.1', port: 5701, ...link }],
      connect: [
        { type: 'webhook', url: 'http://127.0.0.1:8081/', secret: 'abc', ...link },
        { type: 'reverse-ws', url: 'ws://127.0.0.1:8080/ws', reconnect_interval: 5, ...link },
      ],
    },
  ])
  expect(notes.join('\n')).toContain('account.uin')
})

test('a config.ini of CQHTTP is read, its token shared by all links', async () => {
  const { config } = await load(
    'config.ini',
    '[general]\nhost=127.0.0.1\nport=5702\naccess_token=abc\npost_url=http://127.0.0.1:8081/\n',
  )
  expect(config).toMatchObject({
    defaults: { access_token: 'abc', dialect: 'cqhttp-4' },
    bots: [{ listen: [{ port: 5702 }], connect: [{ type: 'webhook', name: 'post' }] }],
  })
})

test('a config.cfg of CQHTTP 2, which calls its token so, is for programs of that time', async () => {
  const { config } = await load('config.cfg', '[general]\nhost=127.0.0.1\ntoken=abc\nserve_data_file=yes\n')
  expect(config).toMatchObject({
    defaults: { access_token: 'abc', dialect: 'cqhttp-2' },
    bots: [{ listen: [{ port: 5700, data_files: './data' }] }],
  })
})
