import { cpSync, existsSync, rmSync } from 'node:fs'
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
    format: 'esm',
    minify: true,
    cleanDir: true,
    chunkFileNames: '[name].js',
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
      name: 'pages',
      writeBundle() {
        const pages = {
          'dist/page': '../../packages/api-reference/page',
          'dist/console': '../console/dist/page',
        }
        if (!existsSync(here(pages['dist/console']))) throw new Error('build @seekyou/console first')
        for (const [to, from] of Object.entries(pages)) {
          rmSync(here(to), { recursive: true, force: true })
          cpSync(here(from), here(to), { recursive: true })
        }
      },
    },
  ],
})
