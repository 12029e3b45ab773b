import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { defaultClientConditions, defineConfig } from 'vite'
import type { Plugin } from 'vite'

const page = fileURLToPath(new URL('dist/page', import.meta.url))

/** The console as static files, each beside its compressed forms. */
export default defineConfig({
  // It is served below any path.
  base: './',
  resolve: { conditions: ['@seekyou/source', ...defaultClientConditions] },
  build: {
    outDir: page,
    target: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
    // The policy of the page allows no inline styles or scripts; images may be inline.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // Libraries mark what runs in a browser for servers that render; here all of it does.
    rolldownOptions: {
      checks: { pluginTimings: false },
      onwarn: (warning, warn) => warning.code === 'MODULE_LEVEL_DIRECTIVE' || warn(warning),
    },
  },
  plugins: [compressed()],
  server: { proxy: { '^/(?!@|src|node_modules|index.html|$)': process.env['SEEKYOU_URL'] ?? 'http://127.0.0.1:5700' } },
})

function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    async closeBundle() {
      const files = (await readdir(page, { recursive: true })).filter((name) => /\.(?:html|js|css|svg)$/.test(name))
      await Promise.all(
        files.map(async (name) => {
          const bytes = await readFile(join(page, name))
          const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }
          await Promise.all([
            promisify(gzip)(bytes, { level: 9 }).then((small) => writeFile(join(page, `${name}.gz`), small)),
            promisify(brotliCompress)(bytes, quality).then((small) => writeFile(join(page, `${name}.br`), small)),
          ])
        }),
      )
    },
  }
}
