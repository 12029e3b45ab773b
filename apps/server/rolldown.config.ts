import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'rolldown'
import license from 'rollup-plugin-license'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const plainAssert = '(isSo, message) => { if (!isSo) throw new Error(message) }'

/**
 * What libraries load at once, for features that this program has no use for: by the file that asks, what it asks for,
 * and what it gets.
 */
const unused: readonly { readonly asker: RegExp; readonly asked: string; readonly given: string }[] = [
  // No command is a program of its own.
  { asker: /[\\/]commander[\\/]/, asked: 'node:child_process', given: '{}' },
  // There is no HTTP/2, no route has a schema, no request is made up.
  { asker: /[\\/]fastify[\\/]/, asked: 'node:http2', given: '{}' },
  { asker: /[\\/]fastify[\\/]/, asked: '@fastify/ajv-compiler', given: '{}' },
  { asker: /[\\/]fastify[\\/]/, asked: '@fastify/fast-json-stringify-compiler', given: '{}' },
  { asker: /[\\/]fastify[\\/]/, asked: 'light-my-request', given: '{}' },
  // No proxy is believed, no route has an expression of its own, and plugins come with the fastify they are for.
  { asker: /[\\/]fastify[\\/]/, asked: '@fastify/proxy-addr', given: '{}' },
  { asker: /[\\/]find-my-way[\\/]/, asked: 'safe-regex2', given: '() => true' },
  { asker: /[\\/]fastify[\\/]/, asked: 'semver', given: '{ satisfies: () => true }' },
  // They only ever assert that something is so.
  { asker: /[\\/](?:fastify|find-my-way)[\\/]/, asked: 'node:assert', given: plainAssert },
  { asker: /[\\/]sonic-boom[\\/]/, asked: 'assert', given: plainAssert },
  // The log is written by the main thread.
  { asker: /[\\/]pino[\\/]/, asked: 'worker_threads', given: '{ isMainThread: true }' },
  { asker: /[\\/]pino[\\/]/, asked: 'thread-stream', given: '{}' },
  // It asks what time it is.
  { asker: /[\\/]fastify[\\/]/, asked: 'node:perf_hooks', given: '{ performance: { now: () => performance.now() } }' },
]

/** What Node takes long to load, and what nobody needs before there is a client, a certificate or a file. */
const deferred = ['crypto', 'fs/promises', 'https', 'tls', 'zlib']

/** A module with all that a built-in one exports, which loads that one when something of it is first used. */
function deferredModule(name: string): string {
  const exported = createRequire(import.meta.url)(`node:${name}`) as Readonly<Record<string, unknown>>
  const members = Object.entries(exported).map(([key, value]) =>
    typeof value === 'function' && /^[a-z]/.test(key)
      ? `${key}: (...given) => load().${key}(...given)`
      : `get ${key}() { return load().${key} }`,
  )
  return `const load = () => process.getBuiltinModule('node:${name}')\nmodule.exports = { ${members.join(',\n')} }`
}

/**
 * What a start needs, and something that is loaded apart needs as well: in one file, since each one more has to be
 * found. The options and what puts them together are apart, for many starts have no configuration to judge.
 */
const isCommon = new RegExp(
  [
    'packages/(?:protocol|message|actions|transport-ws)/src/(?!options)',
    'packages/transport-http/src/(?:foreign-page|gate|json|known-host|late-routes|long-polling|reply|request-url)\\.ts$',
    'packages/backend-sandbox/src/(?:default-world|document|world-file)\\.ts$',
    'packages/hub/src/(?:counters|redaction)\\.ts$',
    '(?:file-failure|filter-error)\\.ts$',
    'apps/server/src/(?:config|config-check|log|token-files)\\.ts$',
    '^\0unused:',
    'node_modules/(?:ws|pino)/',
  ]
    .join('|')
    .replaceAll('/', '[\\\\/]'),
)

/** What is shown with, and its licences. */
const rendererFiles = [
  'favicon-32x32.png',
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'swagger-ui-bundle.js.LICENSE.txt',
  'LICENSE',
  'NOTICE',
]

const escapeUnit = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

/*
 * The program as it is shipped: everything that it runs in a few files, since a start-up spends most of its time finding
 * and compiling many. What only some configurations need stays in files of its own, loaded when it is needed.
 */
export default defineConfig({
  input: { main: here('src/main.ts') },
  platform: 'node',
  // It puts what two files share into one of the two, even if that one is rarely needed.
  experimental: { chunkOptimization: false },
  // The reader of text in images is for those who install it.
  external: [/^tesseract\.js$/],
  resolve: { conditionNames: ['@seekyou/source', 'node', 'import', 'default'] },
  output: {
    dir: here('dist/program'),
    // Whoever imports `node:http` as a module reads all that it exports, and Node loads its whole fetch for one of them.
    format: 'cjs',
    minify: true,
    cleanDir: true,
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name].cjs',
    codeSplitting: {
      groups: [
        // What the command line itself needs as well is apart from it.
        {
          name: 'errors',
          test: /src[\\/](?:config-error|expected-error|secret-names|version|command[\\/](?:config-options|start))\.ts$|^\0deferred:/,
          priority: 1,
        },
        { name: 'common', test: isCommon },
      ],
    },
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
      name: 'leave-out-what-is-unused',
      resolveId(source, importer = '') {
        const index = unused.findIndex(({ asker, asked }) => asked === source && asker.test(importer))
        return index < 0 ? null : `\0unused:${index}.cjs`
      },
      load(id) {
        const [, index] = /^\0unused:(\d+)/.exec(id) ?? []
        return index === undefined ? null : `module.exports = ${unused[Number(index)]?.given}`
      },
    },
    {
      name: 'defer-built-in-modules',
      resolveId(source, importer = '') {
        const name = source.replace(/^node:/, '')
        // undici, loaded late itself, looks for what Node can do.
        return deferred.includes(name) && !/[\\/]undici[\\/]/.test(importer) ? `\0deferred:${name}.cjs` : null
      },
      load(id) {
        const [, name] = /^\0deferred:(.+)\.cjs$/.exec(id) ?? []
        return name === undefined ? null : deferredModule(name)
      },
    },
    {
      name: 'know-the-version',
      load(id) {
        if (!/[\\/]src[\\/]version\.ts$/.test(id)) return null
        const { version } = JSON.parse(readFileSync(here('package.json'), 'utf8')) as { readonly version: string }
        return `export const version = ${JSON.stringify(version)}`
      },
    },
    {
      name: 'write-ascii',
      // Text of one byte a character takes half the memory, and half the time to load.
      generateBundle(_options, bundle) {
        for (const chunk of Object.values(bundle)) {
          if (chunk.type === 'chunk') chunk.code = chunk.code.replace(/[^\0-\x7f]/g, escapeUnit)
        }
      },
    },
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
        // What shows the contract is served as its package has it.
        for (const name of rendererFiles) {
          cpSync(fileURLToPath(import.meta.resolve(`swagger-ui-dist/${name}`)), here(`dist/page/swagger-ui/${name}`))
        }
      },
    },
  ],
})
