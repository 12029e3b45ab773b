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

test.each(['enabled: true', 'enabled: true, frequency: 0, bucket: 5', 'enabled: true, frequency: 5, bucket: 0'])(
  'a rate-limit of go-cqhttp that limits nothing limits nothing here, and that is said: %s',
  async (limit) => {
    const { config, notes } = await load(
      'config.yml',
      `servers: [{ http: { address: 127.0.0.1:5701, middlewares: { rate-limit: { ${limit} } } } }]\n`,
    )
    expect(config.bots[0]!.listen[0]).not.toHaveProperty('rate_limit')
    expect(config.defaults.rate_limit).toMatchObject({ frequency: 0 })
    expect(notes.join('\n')).toContain('servers[0].http.middlewares.rate-limit')
  },
)

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

test.each([
  ['', { url: 'ws://127.0.0.1:1/' }],
  ['ws_reverse_use_universal_client=yes', { url: 'ws://127.0.0.1:1/' }],
  ['ws_reverse_use_universal_client=no', { api_url: 'ws://127.0.0.1:1/', event_url: 'ws://127.0.0.1:1/' }],
  ['ws_reverse_event_url=ws://127.0.0.1:2/', { api_url: 'ws://127.0.0.1:1/', event_url: 'ws://127.0.0.1:2/' }],
])('a bot that CQHTTP dials has one connection unless two are asked for: %s', async (line, urls) => {
  const text = `[general]\nhost=127.0.0.1\nuse_ws_reverse=yes\nws_reverse_url=ws://127.0.0.1:1/\n${line}\n`
  const { config } = await load('config.ini', text)
  const { url, api_url, event_url } = config.bots[0]!.connect[0] as { readonly [key: string]: unknown }
  expect(api_url === undefined && event_url === undefined ? { url } : { api_url, event_url }).toEqual(urls)
})

test('what CQHTTP would do otherwise is told', async () => {
  const lines = 'ws_reverse_reconnect_on_code_1000=no\nenable_rate_limited_actions=no\nacces_token=abc\n'
  const { notes } = await load('config.ini', `[general]\nhost=127.0.0.1\n${lines}`)
  expect(notes).toEqual([
    'ws_reverse_reconnect_on_code_1000: a bot is dialled again whatever code it closes with',
    'enable_rate_limited_actions: they can be called in any case',
    'acces_token is not a key of CQHTTP, so it is not read; did you mean access_token?',
  ])
  const usual = 'ws_reverse_reconnect_on_code_1000=yes\nenable_rate_limited_actions=yes\n'
  expect((await load('config.ini', `[general]\nhost=127.0.0.1\n${usual}`)).notes).toEqual([])
})

test('a config.cfg of CQHTTP 2, which calls its token so, is for programs of that time', async () => {
  const { config } = await load('config.cfg', '[general]\nhost=127.0.0.1\ntoken=abc\nserve_data_file=yes\n')
  expect(config).toMatchObject({
    defaults: { access_token: 'abc', dialect: 'cqhttp-2' },
    bots: [{ listen: [{ port: 5700, data_files: './data' }] }],
  })
})
