import { cpSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'rolldown'
import license from 'rollup-plugin-license'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/*
 * The program as it is shipped: everything that it runs in a few files, since a start-up spends most of its time finding
 * and compiling many. What only some configurations need stays in files of its own, loaded when it is needed.
 */
export default defineConfig({
  input: { main: here('src/main.ts') },
  platform: 'node',
  // Files of the renderer are served as they are; the reader of text in images is for those who install it.
  external: [/^swagger-ui-dist/, /^tesseract\.js$/],
  resolve: { conditionNames: ['@seekyou/source', 'node', 'import', 'default'] },
  output: {
    dir: here('dist/program'),
    // Whoever imports `node:http` as a module reads all that it exports, and Node loads its whole fetch for one of them.
    format: 'cjs',
    minify: true,
    cleanDir: true,
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name].cjs',
    // As src/main.ts does it, which is here run after the files it needs were loaded.
    banner: ({ isEntry }) => (isEntry ? `require('node:module').enableCompileCache()` : ''),
  },
  plugins: [
    // What is shipped inside the program comes with its licence.
    license({
      thirdParty: {
        output: {
          file: here('dist/program/LICENSES.txt'),
          template: (packages) =>
            packages
              .filter(({ name }) => !name?.startsWith('@seekyou/'))
              .map((entry) => entry.text())
              .join('\n\n---\n\n'),
        },
      },
    }),
    {
      name: 'page-of-the-api-reference',
      writeBundle() {
        rmSync(here('dist/page'), { recursive: true, force: true })
        cpSync(here('../../packages/api-reference/page'), here('dist/page'), { recursive: true })
      },
    },
  ],
})
