import { request } from 'node:http'
import { startProgram } from '@seekyou/testkit'
import { expect, test } from 'vitest'

test('serves the console to everyone, compressed, under a policy that lets nothing else in', async () => {
  await using program = await startProgram({ env: { SEEKYOU_TOKEN: 'secret' } })
  const page = await fetch(`${program.url}/console/`)
  expect(page.status).toBe(200)
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(page.headers.get('cache-control')).toBe('no-cache')
  expect(page.headers.get('x-content-type-options')).toBe('nosniff')
  expect(page.headers.get('referrer-policy')).toBe('no-referrer')
  const policy = page.headers.get('content-security-policy')
  for (const part of ["default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"]) {
    expect(policy).toContain(part)
  }
  expect(policy).not.toContain('unsafe')

  const [, script] = /src="\.\/(assets\/[^"]+\.js)"/.exec(await page.text())!
  const { status, headers } = await fetch(`${program.url}/console/${script}`, {
    headers: { 'accept-encoding': 'gzip, br' },
  })
  expect(status).toBe(200)
  expect(headers.get('content-encoding')).toBe('br')
  expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(headers.get('content-type')).toBe('text/javascript; charset=utf-8')
})

test('sends /console on to /console/ with its query, and answers nothing outside of its files', async () => {
  await using program = await startProgram()
  const { status, headers } = await fetch(`${program.url}/console?ticket=1`, { redirect: 'manual' })
  expect(status).toBe(308)
  expect(headers.get('location')).toBe('console/?ticket=1')
  for (const path of ['/console/assets/none.js', '/console/assets/..%2findex.html', '/console/sources.sha256']) {
    expect(await statusOf(program.url + path)).toBe(404)
  }
})

/** Of a path exactly as it is written. */
function statusOf(url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end()
  })
}
