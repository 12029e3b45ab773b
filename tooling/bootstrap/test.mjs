/** `npm test`: installs if needed, runs every check and every test, and closes with one line of totals. */
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { install, pnpm, root } from './install.mjs'
import { buildTestedProgram } from './pack.mjs'

install()

/** Each package's tests leave one; turbo brings back that of a package whose tests it need not run again. */
const reports = ['packages', 'apps', 'tooling'].flatMap((group) =>
  readdirSync(join(root, group)).map((name) => join(root, group, name, '.test-report.json')),
)
for (const file of reports) rmSync(file, { force: true })
// What turbo remembers of the console was seen in this browser, or in none.
process.env.CHROMIUM ??= ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path)) ?? ''
// Tests start the program some hundred times.
process.env.SEEKYOU_TEST_PROGRAM = buildTestedProgram() ?? ''
const status = pnpm(['run', 'check'])

let passed = 0
let failed = 0
for (const file of reports.filter((path) => existsSync(path))) {
  const report = JSON.parse(readFileSync(file, 'utf8'))
  passed += report.numPassedTests
  failed += report.numFailedTests
}
if (status !== 0 && failed === 0) process.stdout.write('A check before or beside the tests failed; see above.\n')
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exit(status)
