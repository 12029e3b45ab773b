import { readFile, readdir, symlink, writeFile, mkdir } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createTemporaryFolder, startProgram } from '@seekyou/testkit'
import type { Program } from '@seekyou/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRawSocket } from '../../src/raw-socket.ts'

/*
 * What is inside stays inside: files of this machine that were not lent out, and servers that only this machine
 * reaches. Redirects and names that change their address are in the tests of file-source, which has an internet of its
 * own for that.
 */

const secret = 'what no client may read'
const opened = new AsyncDisposableStack()
let program: Program
let home: string
let canaryPort: number
/** How often the server that only this machine reaches was asked for something. */
let canaryHits = 0

beforeAll(async () => {
  home = opened.use(await createTemporaryFolder()).path
  await mkdir(join(home, 'lent/image'), { recursive: true })
  await mkdir(join(home, 'lent-not'), { recursive: true })
  await writeFile(join(home, 'lent/hello.txt'), 'hello')
  await writeFile(join(home, 'lent/.hidden'), secret)
  await writeFile(join(home, 'lent-not/secret.txt'), secret)
  await writeFile(join(home, 'secret.txt'), secret)
  await symlink(join(home, 'secret.txt'), join(home, 'lent/link.txt'))
  await symlink(home, join(home, 'lent/up'))
  await writeFile(join(home, 'filter.json'), '{}')
  const canary = createServer((_request, response) => {
    canaryHits++
    response.end(secret)
  })
  await new Promise<void>((resolve) => void canary.listen(0, '127.0.0.1', resolve))
  opened.defer(() => new Promise((resolve) => canary.close(() => resolve())))
  canaryPort = (canary.address() as AddressInfo).port
  const config = `
files: { allowed_paths: [./lent], timeout: 2 }
bots: [{ listen: [{ data_files: ./lent, filter: ./filter.json }] }]
`
  program = opened.use(await startProgram({ folder: home, config }))
})
afterAll(() => opened.disposeAsync())

/** The whole answer to a request line that no client would tidy up. */
async function rawGet(target: string): Promise<string> {
  using peer = await openRawSocket(program.port)
  peer.socket.write(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`)
  await peer.hungUp(5000)
  return peer.heard().toString('latin1')
}

interface Answer {
  readonly retcode: number
  readonly msg: string
  readonly data: unknown
}

async function call(action: string, params: object): Promise<Answer> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${program.url}/${action}`, { method: 'POST', headers, body: JSON.stringify(params) })
  expect(response.status).toBeLessThan(500)
  return (await response.json()) as Answer
}

describe('a path', () => {
  it('of a file that was lent out leads to it', async () => {
    expect(await rawGet('/data/hello.txt')).toMatch(/^HTTP\/1\.1 200 .*hello$/s)
  })

  it.each([
    '/data/../secret.txt',
    '/data/..%2fsecret.txt',
    '/data/%2e%2e/secret.txt',
    '/data/%2e%2e%2fsecret.txt',
    '/data/..%5csecret.txt',
    '/data/..\\secret.txt',
    '/data/image/../../secret.txt',
    '/data//../secret.txt',
    '/data/.../secret.txt',
    '/data/..;/secret.txt',
    '/data/%c0%ae%c0%ae/secret.txt',
    '/data/%252e%252e/secret.txt',
    '/data/%252e%252e%252fsecret.txt',
    '/data/hello.txt%00/../../secret.txt',
    '/data/link.txt',
    '/data/up/secret.txt',
    '/data/.hidden',
    '/data/../lent-not/secret.txt',
    '/data/image/..%2f..%2fsecret.txt.cqimg',
    '/data/image/%2fetc%2fpasswd.cqimg',
    '/media/../secret.txt',
    '/media/..%2f..%2fseekyou.yml',
    '/media/%2e%2e/%2e%2e/etc/passwd',
    '/docs/../../package.json',
    '/docs/..%2f..%2fpackage.json',
    '/docs/%2e%2e/%2e%2e/%2e%2e/package.json',
    '/console/..%2f..%2fpackage.json',
    '//etc/passwd',
    '/..%2f..%2f..%2fetc%2fpasswd',
    'file:///etc/passwd',
  ])('such as %s leads nowhere', async (target) => {
    const answer = await rawGet(target)
    expect(answer).toMatch(/^HTTP\/1\.1 (?:4|30)\d\d /)
    expect(answer).not.toContain(secret)
    expect(answer).not.toContain('root:')
    expect(answer).not.toContain('"private"')
  })

  const outside = (): readonly string[] => [
    join(home, 'secret.txt'),
    `${home}/lent/../secret.txt`,
    `${home}/lent/%2e%2e/secret.txt`,
    join(home, 'lent/link.txt'),
    join(home, 'lent/up/secret.txt'),
    join(home, 'lent-not/secret.txt'),
    join(home, 'data/seekyou.db'),
    join(home, 'seekyou.yml'),
    '/etc/passwd',
    '/proc/self/environ',
    '/dev/zero',
    '../secret.txt',
    'secret.txt',
    '~/.bashrc',
    '\\\\server\\share\\x',
    'C:\\Windows\\win.ini',
  ]

  it('outside of what was lent is no file that can be sent, uploaded or read', async () => {
    const files = outside().flatMap((path) => [path, `file://${path}`, `FILE://localhost${path}`, `file:${path}`])
    for (const file of files) {
      const answers = [
        await call('send_private_msg', { user_id: 10001, message: [{ type: 'image', data: { file } }] }),
        await call('send_private_msg', { user_id: 10001, message: `[CQ:record,file=${file}]` }),
        await call('upload_group_file', { group_id: 20001, file, name: 'x' }),
        await call('upload_private_file', { user_id: 10001, file, name: 'x' }),
        await call('set_group_portrait', { group_id: 20001, file }),
        await call('get_image', { file }),
        await call('get_record', { file, out_format: 'mp3' }),
        await call('ocr_image', { image: file }),
        await call('download_file', { url: file }),
        await call('reload_event_filter', { file }),
      ]
      for (const answer of answers) {
        expect({ file, answer, isDone: answer.retcode === 0 }).toEqual({ file, answer, isDone: false })
        expect(JSON.stringify(answer)).not.toContain(secret)
      }
    }
  })

  it('in the name of an uploaded file writes nothing anywhere else', async () => {
    const before = await readdir(home)
    for (const name of ['../../evil', '/tmp/evil', '..\\evil', 'a\0b', '.', '..', 'x'.repeat(5000)]) {
      await call('upload_group_file', { group_id: 20001, file: 'base64://AAAA', name })
      await call('download_file', { base64: 'AAAA', name })
    }
    expect((await readdir(home)).toSorted()).toEqual(before.toSorted())
    expect(await readFile(join(home, 'secret.txt'), 'utf8')).toBe(secret)
  })
})

describe('a URL that leads inside', () => {
  const hosts = [
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '017700000001',
    '0',
    '0.0.0.0',
    '127.0.0.1.',
    'localhost',
    'LOCALHOST',
    'localhost.',
    '[::1]',
    '[::]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[fe80::1]',
    '[fc00::1]',
    '[::ffff:0:127.0.0.1]',
    '10.0.0.1',
    '169.254.169.254',
    '192.168.0.1',
    '172.16.0.1',
    '100.64.0.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '①②⑦.⓪.⓪.①',
    '127。0。0。1',
    'user@127.0.0.1',
    'example.com@127.0.0.1',
  ]

  it.each(hosts)('is not fetched: %s', async (host) => {
    const urls = [`http://${host}:${canaryPort}/x.png`, `http://${host}:${canaryPort}\\@example.com/`]
    for (const url of urls) {
      const answers = [
        await call('send_private_msg', { user_id: 10001, message: [{ type: 'image', data: { file: url } }] }),
        await call('send_private_msg', { user_id: 10001, message: [{ type: 'image', data: { file: 'x', url } }] }),
        await call('download_file', { url, headers: 'Host=example.com' }),
        await call('download_file', { url, thread_count: 4 }),
        await call('set_group_portrait', { group_id: 20001, file: url }),
      ]
      for (const { retcode, data } of answers)
        expect({ retcode, data }).toEqual({ retcode: expect.any(Number), data: null })
      for (const { retcode } of answers) expect(retcode).not.toBe(0)
    }
    expect(canaryHits).toBe(0)
  })

  it.each([
    'gopher://127.0.0.1/',
    'ftp://127.0.0.1/',
    'dict://127.0.0.1:1/',
    'data:text/html,x',
    'jar:http://x!/',
    'http:127.0.0.1',
    'http:///127.0.0.1',
    '//127.0.0.1/',
  ])('is not fetched by another scheme: %s', async (url) => {
    const { retcode } = await call('download_file', { url })
    expect(retcode).not.toBe(0)
    expect(canaryHits).toBe(0)
  })
})
