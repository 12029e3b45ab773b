import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ServedFile } from '@seekyou/api-reference/served-file'
import type { FastifyInstance } from 'fastify'

/** Where its files are: beside the packed program, and in the workspace where it is built. */
const folders = ['../console', '../../console/dist/page'].map((path) => fileURLToPath(new URL(path, import.meta.url)))

/** Only what is served here, nothing inline; pictures and sounds also from where the messages of a real network keep them. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob: https:",
  "media-src 'self' data: blob: https:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
}

type Files = ReadonlyMap<string, ServedFile>

/**
 * Serves the console at `/console/`, to everyone: it holds nothing but the program of the page, which asks the server for
 * the rest. Nothing is read from the disk before the first request for it.
 */
export function serveConsole(app: FastifyInstance): void {
  let found: Promise<Files | undefined> | undefined
  const read = async (name: string): Promise<ServedFile | undefined> => {
    found ??= readFirst()
    const files = await found
    // It may be built while the server runs.
    if (!files) found = undefined
    return files?.get(name)
  }

  app.get('/console', (request, reply) =>
    reply.redirect(`console/${new URL(request.raw.url ?? '', 'http://localhost').search}`, 308),
  )
  app.get('/console/', async (request, reply) => {
    const page = await read('index.html')
    return page ? page.send(request, reply) : reply.code(503).type('text/plain; charset=utf-8').send(NOT_BUILT)
  })
  app.get<{ Params: { name: string } }>('/console/assets/:name', async (request, reply) => {
    const file = await read(`assets/${request.params.name}`)
    return file ? file.send(request, reply) : reply.code(404).type('text/plain').send('there is no such file\n')
  })
}

const NOT_BUILT = `The console is not built.

In a copy of the sources "npm start" builds it, as does: node tooling/bootstrap/console.mjs
Everything else of this server works without it; see /docs.
`

async function readFirst(): Promise<Files | undefined> {
  for (const folder of folders) {
    const files = await readFiles(folder)
    if (files.has('index.html')) return files
  }
  return undefined
}

async function readFiles(folder: string): Promise<Files> {
  const { ServedFile } = await import('@seekyou/api-reference/served-file')
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  const known = names.map((name) => name.replaceAll('\\', '/')).filter((name) => typeOf(name) !== undefined)
  const optional = (name: string) => readFile(join(folder, name)).catch(() => undefined)
  return new Map(
    await Promise.all(
      known.map(async (name) => {
        const [bytes, br, gzip] = await Promise.all([
          readFile(join(folder, name)),
          optional(`${name}.br`),
          optional(`${name}.gz`),
        ])
        const file = new ServedFile(bytes, headersOf(name), { ...(br && { br }), ...(gzip && { gzip }) })
        return [name, file] as const
      }),
    ),
  )
}

function typeOf(name: string): string | undefined {
  return types[name.split('.').at(-1)!]
}

function headersOf(name: string): Record<string, string> {
  const isPage = name === 'index.html'
  return {
    'content-type': typeOf(name)!,
    // The name of every other file changes with its content.
    'cache-control': isPage ? 'no-cache' : 'public, max-age=31536000, immutable',
    'content-security-policy': isPage ? POLICY : "default-src 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
  }
}
