import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { ServedFile } from './served-file.ts'

/** The page that shows the contract, and the files it loads, by the name they are served under. */
export interface Page {
  readonly html: ServedFile
  readonly assets: ReadonlyMap<string, ServedFile>
}

/** Only what is served here, nothing inline; the renderer draws its icons from `data:` images. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  png: 'image/png',
}

/** Reads the page and everything it loads from the disk. */
export async function readPage(): Promise<Page> {
  const [template, ...assets] = await Promise.all([
    readFile(new URL('../page/index.html', import.meta.url), 'utf8'),
    readAsset('start.js', new URL('../page/start.js', import.meta.url)),
    readAsset('page.css', new URL('../page/page.css', import.meta.url)),
    readAsset('swagger-ui.css', rendererFile('swagger-ui.css')),
    readAsset('swagger-ui-bundle.js', rendererFile('swagger-ui-bundle.js')),
    readAsset('favicon-32x32.png', rendererFile('favicon-32x32.png')),
  ])
  // The hash in an asset's name changes with its content, so that it can be kept for good.
  const names = new Map(assets.map(({ name, file }) => [name, `${file.hash}-${name}`]))
  const html = template.replaceAll(/\{\{(.+?)\}\}/g, (_, name: string) => `docs/${names.get(name)}`)
  return {
    html: new ServedFile(html, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'content-security-policy': POLICY,
      // Its address may hold a token.
      'referrer-policy': 'no-referrer',
    }),
    assets: new Map(assets.map(({ name, file }) => [`${file.hash}-${name}`, file])),
  }
}

/** Where a file of the renderer is: beside the page once that is packed, else in the package of the renderer. */
function rendererFile(name: string): string | URL {
  const packed = new URL(`../page/swagger-ui/${name}`, import.meta.url)
  return existsSync(packed) ? packed : createRequire(import.meta.url).resolve(`swagger-ui-dist/${name}`)
}

async function readAsset(name: string, path: string | URL): Promise<{ name: string; file: ServedFile }> {
  const type = types[name.split('.').at(-1)!]!
  const file = new ServedFile(await readFile(path), {
    'content-type': type,
    'cache-control': 'public, max-age=31536000, immutable',
  })
  return { name, file }
}
