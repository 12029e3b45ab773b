import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { ActionFailure } from '@seekyou/protocol'
import { createTemporaryFolder } from '@seekyou/testkit'
import { describe, expect, it } from 'vitest'
import { openHouse } from './house.ts'
import type { HouseOptions } from './house.ts'

/** A server of a folder with some files, beside which lies what nobody may have. */
async function openFiles(setup: HouseOptions = {}) {
  const folder = await createTemporaryFolder()
  const data = join(folder.path, 'data')
  await mkdir(join(data, 'image'), { recursive: true })
  await mkdir(join(folder.path, 'data-private'))
  await writeFile(join(folder.path, 'secret.txt'), 'secret')
  await writeFile(join(folder.path, 'data-private', 'secret.txt'), 'secret')
  await writeFile(join(data, 'hello.txt'), '0123456789')
  await writeFile(join(data, '.env'), 'secret')
  await writeFile(join(data, 'page.html'), '<script>alert(1)</script>')
  await writeFile(join(data, 'image', '图 1.jpg'), 'picture')
  await symlink(join(folder.path, 'secret.txt'), join(data, 'escape.txt'))
  await symlink(join(folder.path, 'data-private'), join(data, 'escape'))
  await symlink('hello.txt', join(data, 'inside.txt'))
  const house = await openHouse({ ...setup, options: { data_files: data, ...setup.options } })
  return {
    ...house,
    folder,
    data,
    /** Sends a path byte for byte, which fetch would tidy up, and returns the status and the body. */
    async raw(path: string, headers = ''): Promise<{ readonly status: number; readonly body: string }> {
      const socket = connect({ port: house.port, host: '127.0.0.1' })
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${headers}\r\n`)
      const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n')
      return { status: Number(head.split(' ')[1]), body }
    },
    async [Symbol.asyncDispose]() {
      await house[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

describe('the files of a folder', () => {
  it('are served under /data/, with their type, and can do nothing as pages', async () => {
    await using files = await openFiles()
    const plain = await fetch(`${files.url}/data/hello.txt`)
    expect(plain.status).toBe(200)
    expect(await plain.text()).toBe('0123456789')
    expect(Object.fromEntries(plain.headers)).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-length': '10',
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    })
    const image = await fetch(`${files.url}/data/image/${encodeURIComponent('图 1.jpg')}`)
    expect([image.headers.get('content-type'), await image.text()]).toEqual(['image/jpeg', 'picture'])
    expect(await (await fetch(`${files.url}/data/inside.txt`)).text()).toBe('0123456789')
  })

  it('have a HEAD, and no other methods', async () => {
    await using files = await openFiles()
    const head = await fetch(`${files.url}/data/hello.txt`, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '10', ''])
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const body = { headers: { 'content-type': 'text/nothing' }, body: '{' }
      for (const init of [{}, body]) {
        const response = await fetch(`${files.url}/data/hello.txt`, { method, ...init })
        expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
      }
    }
  })

  it.each([
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=8-', 206, '89', 'bytes 8-9/10'],
  ])('come in parts: %s', async (range, status, body, contentRange) => {
    await using files = await openFiles()
    const part = await fetch(`${files.url}/data/hello.txt`, { headers: { range } })
    expect([part.status, await part.text(), part.headers.get('content-range')]).toEqual([status, body, contentRange])
  })

  it('say so when they have no such part', async () => {
    await using files = await openFiles()
    const part = await fetch(`${files.url}/data/hello.txt`, { headers: { range: 'bytes=20-30' } })
    expect([part.status, part.headers.get('content-range')]).toEqual([416, 'bytes */10'])
    expect(await part.json()).toMatchObject({ status: 'failed' })
  })

  it('are not sent again to those who have them', async () => {
    await using files = await openFiles()
    const etag = (await fetch(`${files.url}/data/hello.txt`)).headers.get('etag') ?? ''
    expect(await files.raw('/data/hello.txt', `If-None-Match: ${etag}\r\n`)).toEqual({ status: 304, body: '' })
  })

  it('ask for the token, in the header or in the query', async () => {
    await using files = await openFiles({ token: 's3cret' })
    expect((await fetch(`${files.url}/data/hello.txt`)).status).toBe(401)
    expect((await fetch(`${files.url}/data/hello.txt`, { headers: { authorization: 'token s3cret' } })).status).toBe(
      200,
    )
    expect((await fetch(`${files.url}/data/hello.txt?access_token=s3cret`)).status).toBe(200)
  })

  it('are not there unless a folder is named', async () => {
    await using house = await openHouse({
      call: () => {
        throw new ActionFailure('unknown-action', 'no such action')
      },
    })
    expect((await fetch(`${house.url}/data/hello.txt`)).status).toBe(404)
    expect((await fetch(`${house.url}/data/hello.txt`, { method: 'HEAD' })).status).toBe(405)
  })
})

describe('a path that leads out of the folder', () => {
  it.each([
    '/data/../secret.txt',
    '/data/%2e%2e/secret.txt',
    '/data/image/../../secret.txt',
    '/data/..%2fsecret.txt',
    '/data/%2e%2e%2fsecret.txt',
    '/data/..',
    '/data/..%5csecret.txt',
    '/data/image%5c..%5c..%5csecret.txt',
    '/data/..\\secret.txt',
    '/data/hello.txt%00.jpg',
    '/data/escape.txt',
    '/data/escape/secret.txt',
  ])('is refused: %s', async (path) => {
    await using files = await openFiles()
    const { status, body } = await files.raw(path)
    expect(status).toBe(403)
    expect(JSON.parse(body)).toMatchObject({ status: 'failed' })
  })

  it.each([
    '/data/',
    '/data/image',
    '/data/image/',
    '/data/nothing.txt',
    '/data//etc/passwd',
    '/data/%2fetc%2fpasswd',
    '/data/.env',
    '/data/hello.txt/x',
    `/data/${'x'.repeat(5000)}`,
    '/data/image/x.cqimg',
    '/data/%252e%252e%252fsecret.txt',
  ])('or to no file is answered with 404: %s', async (path) => {
    await using files = await openFiles({
      call: () => {
        throw new ActionFailure('no-data', 'there is no such image')
      },
    })
    const { status, body } = await files.raw(path)
    expect(status).toBe(404)
    expect(JSON.parse(body)).toMatchObject({ status: 'failed' })
  })

  it('whose escapes are broken is a bad request', async () => {
    await using files = await openFiles()
    expect((await files.raw('/data/%zz')).status).toBe(400)
  })
})

describe('the description of an image', () => {
  // One pixel of PNG.
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )
  const url = 'http://127.0.0.1:5700/media/x'

  it('is what CoolQ kept of it', async () => {
    await using files = await openFiles({ call: () => ({ file: file(), size: png.length, url }) })
    await writeFile(file(), png)
    function file(): string {
      return join(files.folder.path, 'pixel')
    }
    const described = await fetch(`${files.url}/data/image/ABCD.jpg.cqimg`)
    expect(described.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(await described.text()).toBe(
      `[image]\nmd5=F829B914FC47CFC9C0747C119C27CF1B\nwidth=1\nheight=1\nsize=${png.length}\nurl=${url}\n`,
    )
    expect(files.gateway.calls).toEqual([{ action: 'get_image', params: { file: 'ABCD.jpg' } }])
  })

  it('has what is known where the image is on another machine', async () => {
    await using files = await openFiles({ call: () => ({ file: '/nowhere/at/all', size: 7, url }) })
    expect(await (await fetch(`${files.url}/data/image/ABCD.jpg.cqimg`)).text()).toBe(`[image]\nsize=7\nurl=${url}\n`)
  })

  it('is none of an address that the server would have to fetch', async () => {
    await using files = await openFiles()
    for (const name of ['data:image%2Fpng,x.cqimg', 'base64%3A%2F%2Fx.cqimg', 'file%3A%2F%2F%2Fetc%2Fpasswd.cqimg']) {
      expect((await files.raw(`/data/image/${name}`)).status).toBe(404)
    }
    expect(files.gateway.calls).toEqual([])
  })

  it('gives way to a file of that name', async () => {
    await using files = await openFiles()
    await writeFile(join(files.data, 'image', 'own.cqimg'), 'mine')
    expect((await files.raw('/data/image/own.cqimg')).body).toBe('mine')
  })
})
