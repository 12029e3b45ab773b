import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTemporaryFolder } from '@seekyou/testkit'
import { describe, expect, test } from 'vitest'
import { readOverrides } from '../src/command/config-options.ts'
import type { ConfigFlags } from '../src/command/config-options.ts'
import type { ConfigError } from '../src/config-error.ts'
import { loadConfig } from '../src/config.ts'

/*
 * What is told of each thing that can be wrong with a configuration: line, column, and the whole sentence.
 */

interface Said {
  readonly file?: string
  readonly text?: string
  readonly env?: NodeJS.ProcessEnv
  readonly flags?: ConfigFlags
}

/** What is told, and the lines that are shown with it. */
async function problemsOf({ file = 'seekyou.yml', text = '', env = {}, flags = {} }: Said) {
  await using folder = await createTemporaryFolder()
  const path = join(folder.path, file)
  await writeFile(path, text)
  try {
    await loadConfig(path, readOverrides(flags, env), env)
  } catch (error) {
    const { problems, message } = error as ConfigError
    // A fault of the program would have no problems, and what it says is what is wrong then.
    return {
      told: problems?.map(({ at, sentence }) => (at ? `${at.line}:${at.column}: ` : '') + sentence) ?? [message],
      message: message.replaceAll(path, file),
    }
  }
  return { told: [], message: '' }
}

describe('seekyou.yml', () => {
  test.each<[text: string, told: string, env?: NodeJS.ProcessEnv]>([
    ['bots:\n\t- {}\n', '2:1: a tab cannot indent a line; use spaces'],
    ['bots: [\n', '1:8: a list that begins with [ ends with ], and what is in it is indented'],
    ['data_dir: "a\n', '1:13: Missing closing "'],
    ['data_dir: @a\n', '1:11: text that begins with @ is written in quotes'],
    ['data_dir: !a b\n', '1:11: text that begins with ! is written in quotes'],
    [
      'data_dir: "\\q"\n',
      '1:12: a backslash in double quotes begins an escape, and this is none; use single quotes, or two backslashes',
    ],
    [
      'data_dir: a: b\n',
      '1:11: a second key on the same line; text with a colon in it is written in quotes, a block begins on its own line',
    ],
    ['data_dir: "a" b\n', '1:15: this cannot stand here; is a quote, a comma or a line break missing before it?'],
    ['bots\ndata_dir: a\n', '1:1: a key and its value are written key: value'],
    ['store: {}\nstore: {}\n', '2:1: store is there twice; a block has each key once'],
    ['data_dir: a\n---\ndata_dir: b\n', '2:1: a second document begins here; a configuration is one'],
    ['data_dir: *there\n', '1:11: *there has no &there before it to stand for'],
    ['bots: &b [{ listen: *b }]\n', '1:21: *b stands for a block that it is itself in'],
    [
      'a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c]\n',
      '1:1: blocks that stand for blocks (*name) add up to too much',
    ],
    ['just text\n', '1:1: the configuration takes a block of keys, not "just text"'],
    ['- 1\n', '1:1: the configuration takes a block of keys, not [1]'],
    [
      'bogus: 1\n',
      '1:1: bogus is not a key here; known: data_dir, log_level, watch, metrics_open, store, files, tokens, login_limit, audit, defaults, bots',
    ],
    ['logLevel: info\n', '1:1: logLevel is not a key here; did you mean log_level?'],
    ['log-level: info\n', '1:1: log-level is not a key here; did you mean log_level?'],
    ['port: 5700\n', '1:1: port is not a key here; its place is bots[0].listen[0].port'],
    [
      'access_token: geheim\n',
      '1:1: access_token is not a key here; its place is defaults.access_token or bots[0].listen[0].access_token or bots[0].connect[0].access_token',
    ],
    ['heartbeat_interval: 3\n', '1:1: heartbeat_interval is not a key here; its place is bots[0].heartbeat_interval'],
    ['tls: {}\n', '1:1: tls is not a key here; its place is bots[0].listen[0].tls or bots[0].connect[0].tls'],
    ['bots: [{ url: ws://x }]\n', '1:10: bots[0].url is not a key here; its place is bots[0].connect[0].url'],
    ['bots:\n  - listen:\n      - { prot: 1 }\n', '3:11: bots[0].listen[0].prot is not a key here; did you mean port?'],
    [
      'bots: [{ listen: [{ heartbeat_interval: 1 }] }]\n',
      '1:21: bots[0].listen[0].heartbeat_interval is not a key here; its place is bots[0].heartbeat_interval',
    ],
    [
      'bots: [{ connect: [{ type: webhook, name: a, url: "http://x/", secert: geheim }] }]\n',
      '1:64: bots[0].connect[0].secert is not a key here; did you mean secret?',
    ],
    [
      'bots: [{ connect: [{ type: webhook, name: a, url: "http://x/", role: API }] }]\n',
      '1:64: bots[0].connect[0].role is not a key here; it is a key of type reverse-ws',
    ],
    [
      'bots: [{ backend: { type: sandbox, url: ws://x } }]\n',
      '1:36: bots[0].backend.url is not a key here; it is a key of type onebot',
    ],
    ['store: { journl: {} }\n', '1:10: store.journl is not a key here; did you mean journal?'],
    [
      'store: { max_age: 1 }\n',
      '1:10: store.max_age is not a key here; its place is store.journal.max_age or store.messages.max_age or store.media.max_age',
    ],
    ['data_dir: ""\n', '1:11: data_dir takes text with a length of at least 1, not ""'],
    ['data_dir: 1\n', '1:11: data_dir takes text in quotes, not 1'],
    ['data_dir: [a]\n', '1:1: data_dir takes text, not ["a"]'],
    ['log_level: loud\n', '1:12: log_level takes one of fatal, error, warn, info, debug, trace, silent, not "loud"'],
    [
      'log_level: wran\n',
      '1:12: log_level takes one of fatal, error, warn, info, debug, trace, silent, not "wran"; did you mean warn?',
    ],
    ['metrics_open: yes\n', '1:15: metrics_open takes true or false, not "yes"; did you mean true?'],
    ['metrics_open: 1\n', '1:15: metrics_open takes true or false, not 1'],
    ['store: [1]\n', '1:1: store takes a block of keys, not [1]'],
    ['store: { sync: ful }\n', '1:16: store.sync takes one of normal, full, not "ful"; did you mean full?'],
    [
      'store: { journal: { max_count: 1.5 } }\n',
      '1:32: store.journal.max_count takes a whole number of at least 0, not 1.5',
    ],
    ['store: { journal: { max_size: -1 } }\n', '1:31: store.journal.max_size takes a number of at least 0, not -1'],
    [
      'defaults: { dialect: gocqhttp }\n',
      '1:22: defaults.dialect takes one of default, go-cqhttp, onebot-11, cqhttp-4, cqhttp-2, not "gocqhttp"; did you mean go-cqhttp?',
    ],
    ['defaults: { access_token: 831907 }\n', '1:27: defaults.access_token takes text in quotes, not what is there'],
    ['defaults: { access_token: [geheim] }\n', '1:13: defaults.access_token takes text, not what is there'],
    [
      'defaults: { rate_limit: { bucket: 0 } }\n',
      '1:35: defaults.rate_limit.bucket takes a whole number of at least 1, not 0',
    ],
    ['files: { allowed_paths: home }\n', '1:25: files.allowed_paths takes a list, not "home"'],
    ['files: { max_size: 2000 }\n', '1:20: files.max_size takes a number of more than 0 and at most 1024, not 2000'],
    [
      'log_level: { transport-wss: debug }\n',
      '1:14: log_level.transport-wss is not a key here; did you mean transport-ws?',
    ],
    [
      'log_level: { hub: loud }\n',
      '1:19: log_level.hub takes one of fatal, error, warn, info, debug, trace, silent, not "loud"',
    ],
    ['bots: []\n', '1:1: bots takes one bot or more, not []'],
    [
      'bots:\n  - {}\n  - listen: [{ port: 5701 }]\n',
      '3:5: bots[1].backend.self_id is missing; it takes a number that no other bot has, such as 10010 (bots[0] has 10000)',
    ],
    [
      'bots:\n  - {}\n  - backend: { type: sandbox, self_id: 10010 }\n',
      '3:5: bots[1].listen[0].port takes a port that no other listener has, such as 5701 (bots[0].listen[0] listens on 127.0.0.1 port 5700), not 5700',
    ],
    [
      'bots: [{ listen: [{ host: localhost, port: 1 }, { host: 0.0.0.0, port: 1, access_token: x }] }]\n',
      '1:72: bots[0].listen[1].port takes a port that no other listener has, such as 2 (bots[0].listen[0] listens on localhost port 1), not 1',
    ],
    [
      'bots: [{ listen: [{ socket: ./a.sock }, { socket: a.sock }] }]\n',
      '1:51: bots[0].listen[1].socket takes a path that no other listener has (bots[0].listen[0] listens on it), not "a.sock"',
    ],
    [
      'bots: [{ backend: { type: onebot, listen: { port: 5700 } } }]\n',
      '1:51: bots[0].backend.listen.port takes a port that no other listener has, such as 5701 (bots[0].listen[0] listens on 127.0.0.1 port 5700), not 5700',
    ],
    [
      'bots: [{ backend: { type: onebot, url: "ws://x/" } }, { listen: [], backend: { type: onebot, url: "ws://x/" } }]\n',
      '1:99: bots[1].backend.url takes an implementation that no other bot has (bots[0] has it), not "ws://x/"',
    ],
    [
      'bots: [{ backend: { type: sandbox, self_id: 10001 } }]\n',
      '1:45: bots[0].backend.self_id takes a number that nobody else in its world has, not 10001',
    ],
    ['bots: {}\n', '1:1: bots takes a list, not {}'],
    ['bots: [{ heartbeat_interval: -1 }]\n', '1:30: bots[0].heartbeat_interval takes a number of at least 0, not -1'],
    ['bots: [{ backend: { type: icq } }]\n', '1:27: bots[0].backend.type takes one of sandbox, onebot, not "icq"'],
    [
      'bots: [{ backend: { world: home } }]\n',
      '1:10: bots[0].backend.type is missing; it takes one of sandbox, onebot',
    ],
    [
      'bots: [{ backend: { type: onebot } }]\n',
      '1:10: bots[0].backend.url is missing; it takes where the implementation listens, such as ws://127.0.0.1:3001 (or set listen, for it to dial)',
    ],
    [
      'bots: [{ backend: { type: onebot, url: "ftp://me:geheim@x" } }]\n',
      '1:40: bots[0].backend.url takes a ws://, wss://, http:// or https:// URL, such as ws://127.0.0.1:3001, not "ftp://…@x"',
    ],
    [
      'bots: [{ listen: [{ port: 65536 }] }]\n',
      '1:27: bots[0].listen[0].port takes a whole number of at least 0 and at most 65535, not 65536',
    ],
    [
      'bots: [{ listen: [{ port: "5700" }] }]\n',
      '1:27: bots[0].listen[0].port takes a whole number of at least 0 and at most 65535, not "5700"; write it without quotes',
    ],
    [
      'bots: [{ listen: [{ port: many }] }]\n',
      '1:27: bots[0].listen[0].port takes a whole number of at least 0 and at most 65535, not "many"',
    ],
    [
      'bots: [{ listen: [{ host: 0.0.0.0 }] }]\n',
      '1:27: bots[0].listen[0].host: 0.0.0.0 can be reached from other machines, and no token is set: set SEEKYOU_TOKEN or defaults.access_token, or listen on 127.0.0.1',
    ],
    [
      'bots: [{ backend: { type: onebot, listen: { host: 0.0.0.0, port: 6700 } } }]\n',
      '1:51: bots[0].backend.listen.host: 0.0.0.0 can be reached from other machines, and bots[0].backend.access_token is not set: set it, or listen on 127.0.0.1',
    ],
    [
      'bots: [{ backend: { type: onebot, url: "http://127.0.0.1:1", access_token: x, listen: { host: "::", port: 6700 } } }]\n',
      '1:95: bots[0].backend.listen.host: :: can be reached from other machines, and bots[0].backend.secret is not set: set it, or listen on 127.0.0.1',
    ],
    [
      'bots: [{ listen: [{ socket_mode: 660 }] }]\n',
      '1:34: bots[0].listen[0].socket_mode takes text in quotes, not 660',
    ],
    [
      'bots: [{ listen: [{ allowed_origins: [x] }] }]\n',
      '1:39: bots[0].listen[0].allowed_origins[0] takes an origin: scheme, host and port as in https://bots.example or http://127.0.0.1:8080, nothing after, not "x"',
    ],
    [
      'bots: [{ listen: [{ filter: 1 }] }]\n',
      '1:29: bots[0].listen[0].filter takes the path of a JSON file, or the rules themselves, not 1',
    ],
    ['bots: [{ listen: [{ tls: { cert: a } }] }]\n', '1:21: bots[0].listen[0].tls.key is missing; it takes text'],
    [
      'bots: [{ connect: [{ name: a }] }]\n',
      '1:20: bots[0].connect[0].type is missing; it takes one of webhook, reverse-ws',
    ],
    [
      'bots: [{ connect: [{ type: websocket, name: a }] }]\n',
      '1:28: bots[0].connect[0].type takes one of webhook, reverse-ws, not "websocket"',
    ],
    [
      'bots: [{ connect: [{ type: webhook, name: a }] }]\n',
      '1:20: bots[0].connect[0].url is missing; it takes an http:// or https:// URL, or http+unix:///path/of.sock:/path/of/url',
    ],
    [
      'bots: [{ connect: [{ type: webhook, url: "http://x/" }] }]\n',
      '1:20: bots[0].connect[0].name is missing; it takes text',
    ],
    [
      'bots: [{ connect: [{ type: reverse-ws, name: a, url: "http://x/" }] }]\n',
      '1:54: bots[0].connect[0].url takes a ws:// or wss:// URL without a fragment, such as ws://127.0.0.1:8080/onebot/v11/ws, not "http://x/"',
    ],
    [
      'bots:\n  - connect:\n      - { type: webhook, name: a, url: "http://x/" }\n      - { type: webhook, name: a, url: "http://x/" }\n',
      '4:32: bots[0].connect[1].name takes a name that no other link has, not "a"',
    ],
    [
      '# ${UNREAD}\ndata_dir: ${UNSET}\n',
      '2:11: the environment variable UNSET is not set; set it, or write ${UNSET:default}',
    ],
    [
      'defaults: { access_token: ${TOKEN} }\n',
      '1:27: what TOKEN holds is taken apart here; write "${TOKEN}" in quotes',
      { TOKEN: 'geheim, dialect: x' },
    ],
    ['data_dir: ${DIR}\n', '1:11: the environment variable DIR holds a line break', { DIR: 'a\nb' }],
    [
      'bots: [{ listen: [{ port: "${PORT}" }] }]\n',
      '1:27: bots[0].listen[0].port takes a whole number of at least 0 and at most 65535, not "many"',
      { PORT: 'many' },
    ],
    [
      'bots: [{ listen: [{ port: ${PORT:x} }] }]\n',
      '1:27: bots[0].listen[0].port takes a whole number of at least 0 and at most 65535, not "x"',
    ],
  ])('%j: %s', async (text, told, env = {}) => {
    const problems = await problemsOf({ text, env })
    expect(problems.told).toEqual([told])
    expect(problems.message).not.toMatch(/geheim|831907/)
  })
})

describe('config.yml of go-cqhttp', () => {
  test.each<[text: string, told: string]>([
    [
      'servers:\n  - http: { address: here }\n',
      '2:22: servers[0].http.address takes an address such as 127.0.0.1:5700, :5700, tcp4://127.0.0.1:5700 or unix:///run/bot.sock, not "here"',
    ],
    ['servers:\n  - http: { host: 127.0.0.1, port: x }\n', '2:36: servers[0].http.port takes a number, not "x"'],
    [
      'servers:\n  - http: { host: 127.0.0.1, port: 70000 }\n',
      '2:36: servers[0].http.port takes a port number from 0 to 65535, not 70000',
    ],
    [
      'servers:\n  - http: { address: 0.0.0.0:5700 }\n',
      '2:22: servers[0].http.address: 0.0.0.0 can be reached from other machines, and no token is set: set SEEKYOU_TOKEN or defaults.access_token, or listen on 127.0.0.1',
    ],
    [
      'servers:\n  - http: { address: 127.0.0.1:5700, post: [{ url: x, secret: geheim }] }\n',
      '2:52: servers[0].http.post[0].url takes an http:// or https:// URL, or http+unix:///path/of.sock:/path/of/url, not "x"',
    ],
    [
      'servers:\n  - http: { address: 127.0.0.1:5700, post: { url: http://x } }\n',
      '2:38: servers[0].http.post takes a list, not {"url":"http://x"}',
    ],
    [
      'servers:\n  - http: { address: 127.0.0.1:5700, timeout: soon }\n',
      '2:47: servers[0].http.timeout takes a number, not "soon"',
    ],
    ['servers:\n  - http: { disabled: maybe }\n', '2:23: servers[0].http.disabled takes true or false, not "maybe"'],
    [
      'servers:\n  - ws-reverse: { universal: http://x }\n',
      '2:30: servers[0].ws-reverse.universal takes a ws:// or wss:// URL without a fragment, such as ws://127.0.0.1:8080/onebot/v11/ws, not "http://x"',
    ],
    ['servers: { http: {} }\n', '1:1: servers takes a list, not {"http":{}}'],
    ['servers:\n  - http\n', '2:5: servers[0] takes a block of keys, not "http"'],
    ['servers: []\nheartbeat: { interval: often }\n', '2:24: heartbeat.interval takes a number, not "often"'],
    [
      'default-middlewares: &d\n  rate-limit: { enabled: true, frequency: -1, bucket: 1 }\nservers:\n  - http:\n      address: 127.0.0.1:5700\n      middlewares: { <<: *d }\n',
      '2:43: servers[0].http.middlewares.rate-limit.frequency takes a number of at least 0, not -1',
    ],
    [
      'servers:\n  - http:\n      middlewares: { <<: *default }\n',
      '3:26: *default has no &default before it to stand for',
    ],
    ['servers:\n\t- http: {}\n', '2:1: a tab cannot indent a line; use spaces'],
    [
      'message: { report-self-message: si }\nservers: []\n',
      '1:33: message.report-self-message takes true or false, not "si"',
    ],
    ['servers: []\nservers: []\n', '2:1: servers is there twice; a block has each key once'],
    ['message: array\nservers: []\n', '1:10: message takes a block of keys, not "array"'],
  ])('%j: %s', async (text, told) => {
    const problems = await problemsOf({ file: 'config.yml', text })
    expect(problems.told).toEqual([told])
    expect(problems.message).not.toMatch(/geheim/)
  })
})

describe.each<[file: string, rows: [text: string, told: string][]]>([
  [
    'config.ini',
    [
      ['host=127.0.0.1\nport=many\n', '2:6: port takes a port number from 0 to 65535, not "many"'],
      ['[general]\nhost=127.0.0.1\nport=65536\n', '3:6: port takes a port number from 0 to 65535, not "65536"'],
      ['use_http=perhaps\n', '1:10: use_http takes true or false, not "perhaps"'],
      ['host=127.0.0.1\nnonsense\n', '2:1: this line is neither [section] nor key=value'],
      [
        'host=127.0.0.1\npost_url=http://x/\npost_timeout=soon\n',
        '3:14: post_timeout takes a number of at least 0, not "soon"',
      ],
      [
        'host=127.0.0.1\npost_url=x\nsecret=geheim\n',
        '2:10: post_url takes an http:// or https:// URL, or http+unix:///path/of.sock:/path/of/url, not "x"',
      ],
      [
        'host=0.0.0.0\n',
        '1:6: host: 0.0.0.0 can be reached from other machines, and no token is set: set SEEKYOU_TOKEN or defaults.access_token, or listen on 127.0.0.1',
      ],
      [
        'host=127.0.0.1\nenable_heartbeat=yes\nheartbeat_interval=3s\n',
        '3:20: heartbeat_interval takes a number of at least 0, not "3s"',
      ],
      [
        'host=127.0.0.1\nlog_level=loud\n',
        '2:11: log_level takes one of debug, info, warning, error, fatal, not "loud"',
      ],
      [
        'host=127.0.0.1\nuse_ws_reverse=yes\nws_reverse_use_universal_client=yes\nws_reverse_url=http://x/\n',
        '4:16: ws_reverse_url takes a ws:// or wss:// URL without a fragment, such as ws://127.0.0.1:8080/onebot/v11/ws, not "http://x/"',
      ],
      ['host=127.0.0.1\nrate_limit_interval=-1\n', '2:21: rate_limit_interval takes a number of at least 0, not "-1"'],
    ],
  ],
  [
    'config.json',
    [
      ['{ "host": "127.0.0.1", "port": "many" }\n', '1:32: port takes a port number from 0 to 65535, not "many"'],
      [
        '{ "host": "127.0.0.1", }}\n',
        '1:25: this cannot stand here; is a quote, a comma or a line break missing before it?',
      ],
      [
        '{ "10000": { "host": "127.0.0.1", "ws_port": 1.5, "use_ws": true } }\n',
        '1:46: 10000.ws_port takes a port number from 0 to 65535, not "1.5"',
      ],
    ],
  ],
])('%s of CQHTTP', (file, rows) => {
  test.each(rows)('%j: %s', async (text, told) => {
    const problems = await problemsOf({ file, text })
    expect(problems.told).toEqual([told])
    expect(problems.message).not.toMatch(/geheim/)
  })
})

describe('the environment', () => {
  test.each<[env: NodeJS.ProcessEnv, told: string]>([
    [{ SEEKYOU_PORT: 'many' }, 'SEEKYOU_PORT takes a port number from 0 to 65535, not "many"'],
    [
      { SEEKYOU_HOST: '0.0.0.0' },
      '0.0.0.0 can be reached from other machines, and no token is set: set SEEKYOU_TOKEN or defaults.access_token, or listen on 127.0.0.1',
    ],
    [
      { SEEKYOU_LOG_LEVEL: 'wran' },
      'SEEKYOU_LOG_LEVEL takes one of fatal, error, warn, info, debug, trace, silent, not "wran"; did you mean warn?',
    ],
  ])('%j: %s', async (env, told) => {
    expect((await problemsOf({ env })).told).toEqual([told])
  })
})

describe('flags', () => {
  test.each<[flags: ConfigFlags, told: string]>([
    [{ port: '65536' }, '--port takes a port number from 0 to 65535, not "65536"'],
    [{ logLevel: 'loud' }, '--log-level takes one of fatal, error, warn, info, debug, trace, silent, not "loud"'],
    [
      { host: '::' },
      ':: can be reached from other machines, and no token is set: set SEEKYOU_TOKEN or defaults.access_token, or listen on 127.0.0.1',
    ],
    [{ dataDir: '' }, '--data-dir takes a folder, not ""'],
    [{ host: '' }, '--host takes text with a length of at least 1, not ""'],
  ])('%j: %s', async (flags, told) => {
    expect((await problemsOf({ flags })).told).toEqual([told])
  })
})

test('all of it is told at once, in the order of the file, each with its line and a mark below', async () => {
  const text = `port: 1
log_level: wran
defaults: { access_token: geheim, dialcet: default }
bots:
  - connect:
      - { type: webhook, name: a, url: "ftp://me:geheim@x/?access_token=geheim" }
    listen: [{ port: many }, { prot: 1 }]
`
  const { message } = await problemsOf({ text })
  expect(message).toBe(
    `seekyou.yml:1:1: port is not a key here; its place is bots[0].listen[0].port
  1 | port: 1
    | ^^^^
seekyou.yml:2:12: log_level takes one of fatal, error, warn, info, debug, trace, silent, not "wran"; did you mean warn?
  2 | log_level: wran
    |            ^^^^
seekyou.yml:3:35: defaults.dialcet is not a key here; did you mean dialect?
  3 | defaults: { access_token: …, dialcet: default }
    |                              ^^^^^^^
seekyou.yml:6:40: bots[0].connect[0].url takes an http:// or https:// URL, or http+unix:///path/of.sock:/path/of/url, not "ftp://…@x/?access_token=…"
  6 |       - { type: webhook, name: a, url: "ftp://…@x/?access_token=…" }
    |                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^
seekyou.yml:7:22: bots[0].listen[0].port takes a whole number of at least 0 and at most 65535, not "many"
  7 |     listen: [{ port: many }, { prot: 1 }]
    |                      ^^^^
seekyou.yml:7:32: bots[0].listen[1].prot is not a key here; did you mean port?
  7 |     listen: [{ port: many }, { prot: 1 }]
    |                                ^^^^`,
  )
})

test('a long line is shown around the place', async () => {
  const { message } = await problemsOf({ text: `files: { allowed_paths: [${"'/a/folder', ".repeat(400)}''] }\n` })
  const [, line = '', mark = ''] = message.split('\n')
  expect(line.length).toBeLessThan(120)
  expect(line.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)).toBe("''")
})

test.each(['0.0.0.0', '::', '192.168.1.2'])('%s is listened on with a token', async (host) => {
  expect((await problemsOf({ flags: { host } })).told).toEqual([expect.stringContaining(`${host} can be reached`)])
  expect((await problemsOf({ flags: { host }, env: { SEEKYOU_TOKEN: 'x' } })).told).toEqual([])
})

test.each<[what: string, bytes: Buffer, reason: string]>([
  ['in UTF-16', Buffer.from('data_dir: a\n', 'utf16le'), 'it is not UTF-8 text (perhaps UTF-16); save it as UTF-8'],
  ['of 5 MiB', Buffer.alloc(5 * 1024 * 1024, '#'), 'it is larger than 4 MiB, which no configuration is'],
])('a file %s is refused', async (_, bytes, reason) => {
  await using folder = await createTemporaryFolder()
  const file = join(folder.path, 'seekyou.yml')
  await writeFile(file, bytes)
  await expect(loadConfig(file, {}, {})).rejects.toThrow(`${file}: the configuration cannot be read: ${reason}`)
})
