import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTemporaryFolder, runProgram } from '@seekyou/testkit'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

/** Runs `seekyou check` where these files are. */
async function check(
  files: Readonly<Record<string, string>>,
  {
    flags = [],
    env = {},
  }: { readonly flags?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
) {
  await using folder = await createTemporaryFolder()
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder.path, name), text)
  await using run = runProgram(['check', ...flags], { folder: folder.path, env })
  const { code } = await run.exit
  return { code, stdout: run.stdout.join('\n'), stderr: run.stderr.join('\n') }
}

const config = `log_level: \${LEVEL:warn}
defaults: { access_token: geheim }
bots:
  - listen: [{ filter: rules.json }]
    connect:
      - { type: reverse-ws, name: bot, url: 'wss://me:geheim@127.0.0.1/?key=geheim' }
`

describe('a configuration that can be used', () => {
  test('is printed whole, with where each value comes from and without its secrets', async () => {
    const { code, stdout, stderr } = await check(
      { 'seekyou.yml': config, 'rules.json': '{ "group_id": 1 }' },
      { flags: ['--port', '5701'], env: { LEVEL: 'debug', SEEKYOU_HOST: '::1' } },
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const line of [
      'log_level: debug # LEVEL in seekyou.yml:1',
      'access_token: … # seekyou.yml:2',
      'host: ::1 # SEEKYOU_HOST',
      'port: 5701 # --port',
      'url: wss://…@127.0.0.1/?key=… # seekyou.yml:6',
      'heartbeat_interval: 15',
    ]) {
      expect(stdout.split('\n').map((text) => text.replace(/^[ -]+/, ''))).toContain(line)
    }
    expect(stdout).not.toContain('geheim')
    expect(parse(stdout)).toMatchObject({ store: { sync: 'normal' }, bots: [{ listen: [{ filter: 'rules.json' }] }] })
  })

  test('comes with a note on each folder for files that is no use', async () => {
    const text = 'files:\n  allowed_paths:\n    - .\n    - ./gone\n    - seekyou.yml\n'
    const { code, stdout, stderr } = await check({ 'seekyou.yml': text })
    expect({ code, stderr: stderr.split('\n') }).toEqual({
      code: 0,
      stderr: [
        'note: seekyou.yml:4:7: files.allowed_paths[1]: ./gone is not there, so no file of it can be sent',
        'note: seekyou.yml:5:7: files.allowed_paths[2]: seekyou.yml is no folder, so no file of it can be sent',
      ],
    })
    expect(stdout).toContain('./gone')
    const { stdout: json } = await check({ 'seekyou.yml': text }, { flags: ['--json'] })
    expect(JSON.parse(json)).toMatchObject({ ok: true, notes: [{}, {}] })
  })

  test('of another program comes with notes, in JSON as well', async () => {
    const text = 'account: { uin: 1 }\nservers:\n  - http: { address: 127.0.0.1:5701 }\n'
    const { code, stdout } = await check({ 'config.yml': text }, { flags: ['config.yml', '--json'] })
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      file: 'config.yml',
      config: { defaults: { dialect: 'go-cqhttp' } },
      origins: {
        'bots[0].listen[0].port': 'config.yml:3 (servers[0].http.address)',
        'defaults.dialect': 'config.yml, as go-cqhttp has it',
      },
      notes: [expect.stringContaining('account.uin')],
    })
  })
})

describe('a configuration that cannot be used ends with 2', () => {
  test('and each reason, what its files have included', async () => {
    const { code, stdout, stderr } = await check({
      'seekyou.yml': `bots:
  - backend: { type: sandbox, world: ./world.yml }
    listen:
      - { filter: rules.json, tls: { cert: no.pem, key: rules.json } }
      - { port: 5701, tls: { cert: rules.json, key: rules.json } }
`,
      'world.yml': 'peopel: []\n',
      'rules.json': '{ ".frob": 1 }',
    })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    const sentences = stderr.split('\n').filter((line) => !/^ +\d* \| /.test(line))
    expect(sentences).toEqual([
      expect.stringMatching(/^\.\/world\.yml:1:1: peopel is not a key here/),
      expect.stringMatching(/^seekyou\.yml:4:19: bots\[0\]\.listen\[0\]\.filter: rules\.json: .*\.frob/),
      expect.stringMatching(
        /^seekyou\.yml:4:44: bots\[0\]\.listen\[0\]\.tls\.cert: no\.pem cannot be read: there is no such file$/,
      ),
      expect.stringMatching(/^seekyou\.yml:5:36: bots\[0\]\.listen\[1\]\.tls\.cert: these files are not what/),
    ])
  })

  test.each([
    [
      '      .or:\n        - { group_id: 1 }\n        - user_id: { .in: 5, .inn: [1] }\n',
      '9:30',
      '/.or/1/user_id/.inn',
    ],
    ['      sender.role: { .regex: "(" }\n', '7:22', '/sender.role/.regex'],
    ['      .not: 7\n', '7:7', '/.not'],
    ['      "a/b~c": { .frob: 1 }\n', '7:18', '/a~1b~0c/.frob'],
  ])('and rules of a filter that stand in it are told at the very clause: %j', async (rules, at, clause) => {
    const text = `bots:\n- connect:\n  - type: webhook\n    name: a\n    url: http://127.0.0.1:1/\n    filter:\n${rules}`
    const { code, stderr } = await check({ 'seekyou.yml': text })
    expect(code).toBe(2)
    expect(stderr).toContain(`seekyou.yml:${at}: bots[0].connect[0].filter: the event filter at ${clause} has `)
  })

  test('in JSON as well', async () => {
    const { code, stdout } = await check({ 'seekyou.yml': 'port: 1\n' }, { flags: ['--json'] })
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toEqual({
      ok: false,
      problems: [
        {
          message: 'port is not a key here; its place is bots[0].listen[0].port',
          file: 'seekyou.yml',
          line: 1,
          column: 1,
          excerpt: '  1 | port: 1\n    | ^^^^',
        },
      ],
    })
  })
})
