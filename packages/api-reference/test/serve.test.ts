import type { AddressInfo } from 'node:net'
import { serveApiReference } from '@seekyou/api-reference/serve'
import type { ContractOptions } from '@seekyou/api-reference/serve'
import { fastify } from 'fastify'
import { describe, expect, it } from 'vitest'

interface Served extends AsyncDisposable {
  readonly url: string
  /** How often the documents asked what to say. */
  readonly asked: number
}

/** The reference on a server of its own; `admits` is its guard. */
async function serve(options: Partial<ContractOptions> = {}, admits = () => true): Promise<Served> {
  const app = fastify()
  let asked = 0
  serveApiReference(app, {
    admits(_request, reply) {
      if (admits()) return true
      void reply.code(401).send({ status: 'failed' })
      return false
    },
    describe() {
      asked++
      return { version: '1.2.3', ...options }
    },
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  return {
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    get asked() {
      return asked
    },
    [Symbol.asyncDispose]: () => app.close(),
  }
}

/** Every address that the page loads. */
async function assetsOf(served: Served): Promise<readonly string[]> {
  const page = await (await fetch(`${served.url}/docs`)).text()
  return [...page.matchAll(/<(?:script|link)[^>]* (?:src|href)="([^"]+)"/g)].map(([, address]) => address!)
}

describe('the documents', () => {
  it.each([
    ['openapi.json', { openapi: '3.1.0', info: { version: '1.2.3' } }],
    ['asyncapi.json', { asyncapi: '3.1.0', servers: { seekyou: { host: 'bots.test:5700' } } }],
  ])('%s says what the server says of itself', async (name, said) => {
    await using served = await serve({ host: 'bots.test:5700' })
    const response = await fetch(`${served.url}/${name}`)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(await response.json()).toMatchObject(said)
  })

  it('are written when one is first wanted, and once', async () => {
    await using served = await serve()
    expect(served.asked).toBe(0)
    await Promise.all([fetch(`${served.url}/openapi.json`), fetch(`${served.url}/openapi.json`)])
    await fetch(`${served.url}/openapi.json`)
    expect(served.asked).toBe(1)
  })

  it('are not sent again to who has them', async () => {
    await using served = await serve()
    const first = await fetch(`${served.url}/openapi.json`)
    const headers = { 'if-none-match': first.headers.get('etag')! }
    const second = await fetch(`${served.url}/openapi.json`, { headers })
    expect(second.status).toBe(304)
    expect(await second.text()).toBe('')
    expect((await fetch(`${served.url}/openapi.json`, { headers: { 'if-none-match': 'W/"other"' } })).status).toBe(200)
  })

  it.each([
    ['gzip, deflate, br', 'gzip'],
    ['identity', null],
    ['gzip;q=0, identity', null],
  ])('accept-encoding %s gets the encoding %s', async (accepted, encoding) => {
    await using served = await serve()
    const response = await fetch(`${served.url}/openapi.json`, { headers: { 'accept-encoding': accepted } })
    expect(response.headers.get('content-encoding')).toBe(encoding)
    expect(response.headers.get('vary')).toBe('accept-encoding')
    expect(await response.json()).toMatchObject({ openapi: '3.1.0' })
  })

  it('and the page are for those whom the guard lets in', async () => {
    await using served = await serve({}, () => false)
    for (const path of ['openapi.json', 'asyncapi.json', 'docs', 'docs/']) {
      expect((await fetch(`${served.url}/${path}`)).status).toBe(401)
    }
    expect(served.asked).toBe(0)
  })
})

describe('the page', () => {
  it('loads nothing from anywhere else', async () => {
    await using served = await serve()
    const assets = await assetsOf(served)
    expect(assets.map((address) => address.replace(/^docs\/[0-9a-f]{16}-/, ''))).toEqual([
      'favicon-32x32.png',
      'swagger-ui.css',
      'page.css',
      'swagger-ui-bundle.js',
      'start.js',
    ])
    for (const address of assets) {
      const response = await fetch(new URL(address, `${served.url}/docs`))
      expect(response.status, `of ${address}`).toBe(200)
      expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
      const text = await response.text()
      expect(text.length).toBeGreaterThan(10)
      if (!address.endsWith('.css')) continue
      const loaded = [...text.matchAll(/@import|url\(\s*["']?(.{5})/g)].map(([, start]) => start)
      expect(loaded.filter((start) => start !== 'data:')).toEqual([])
    }
  })

  it('may do nothing but talk to its own server', async () => {
    await using served = await serve()
    const response = await fetch(`${served.url}/docs`)
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
    const page = await response.text()
    expect(page).not.toMatch(/<script(?![^>]* src=)|<style|\son\w+=|\sstyle=/)
    expect(page).not.toContain('{{')
  })

  it('is found with a slash as well, its token with it', async () => {
    await using served = await serve()
    const response = await fetch(`${served.url}/docs/?access_token=a%20b`)
    expect(response.url).toBe(`${served.url}/docs?access_token=a%20b`)
    expect(response.status).toBe(200)
  })

  it('has only its own files', async () => {
    await using served = await serve()
    for (const name of ['index.html', 'swagger-ui-bundle.js', '..%2Fpackage.json', '%2e%2e']) {
      expect((await fetch(`${served.url}/docs/${name}`)).status).toBe(404)
    }
  })
})
