import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median } from './result.ts'
import type { Result } from './result.ts'

const here = fileURLToPath(new URL('../../..', import.meta.url))
const node = join('node_modules', 'node', 'bin', 'node')

/** How often each side is measured; the sides take turns. */
const ROUNDS = 3

/**
 * Measures a commit and this tree in turns, with the benchmarks of this tree. What both came to is told for what is ours
 * in each comparison: how many times as fast this tree is, and the medians of both.
 */
export async function compareWith(
  ref: string,
  names: readonly string[],
  effort: 'quick' | 'smoke',
): Promise<readonly Result[]> {
  const there = mkdtempSync(join(tmpdir(), 'seekyou-bench-'))
  try {
    git('worktree', 'add', '--quiet', '--detach', there, ref)
    // The same questions are asked of both.
    cpSync(join(here, 'tooling/bench/src'), join(there, 'tooling/bench/src'), { recursive: true })
    cpSync(join(here, 'tooling/testkit/src'), join(there, 'tooling/testkit/src'), { recursive: true })
    const install = `import(${JSON.stringify(join(there, 'tooling/bootstrap/install.mjs'))}).then((it) => it.install())`
    execFileSync(process.execPath, ['-e', install], { cwd: there, stdio: ['ignore', 'ignore', 'inherit'] })
    return names.flatMap((name) => compareSuite(there, name, effort))
  } finally {
    git('worktree', 'remove', '--force', there)
    rmSync(there, { recursive: true, force: true })
  }
}

function git(...args: readonly string[]): void {
  execFileSync('git', ['-C', here, ...args], { stdio: ['ignore', 'ignore', 'inherit'] })
}

function compareSuite(there: string, name: string, effort: 'quick' | 'smoke'): readonly Result[] {
  const before: (readonly Result[])[] = []
  const after: (readonly Result[])[] = []
  try {
    for (let round = 0; round < (effort === 'smoke' ? 1 : ROUNDS); round++) {
      before.push(measureIn(there, name, effort))
      after.push(measureIn(here, name, effort))
    }
  } catch {
    // What is new here may well not run there; its own words are above.
    process.stderr.write(`${name} cannot be compared\n`)
    return []
  }
  return after[0]!.flatMap((result): readonly Result[] => {
    const of = (rounds: readonly (readonly Result[])[]): readonly number[] =>
      rounds.flatMap(
        (results) => results.find((one) => one.group === result.group && one.name === result.name)?.value ?? [],
      )
    const [old, young] = [of(before), of(after)]
    if (old.length !== young.length) return []
    const ratio = median(young.map((value, round) => (result.moreIsBetter ? value / old[round]! : old[round]! / value)))
    const details = `before ${median(old).toPrecision(4)} ${result.unit}`
    return [
      {
        group: `${name}: how many times as good as before`,
        name: `${result.name} (${result.group.split(':')[0]})`,
        ratio,
        value: median(young),
        unit: result.unit,
        details,
      },
    ]
  })
}

function measureIn(root: string, name: string, effort: 'quick' | 'smoke'): readonly Result[] {
  const args = [
    '--no-warnings',
    '--conditions=@seekyou/source',
    join(root, 'tooling/bench/src/main.ts'),
    name,
    '--json',
    `--${effort}`,
  ]
  const text = execFileSync(join(root, node), args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const { suites } = JSON.parse(text) as { readonly suites: readonly { readonly results: readonly Result[] }[] }
  return suites.flatMap(({ results }) => results)
}
