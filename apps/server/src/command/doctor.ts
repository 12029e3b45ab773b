import type { Command } from 'commander'
import { ExpectedError } from '../expected-error.ts'
import { addConfigOptions, readOverrides } from './config-options.ts'
import type { ConfigFlags } from './config-options.ts'

/** `seekyou doctor`: what would keep the server from doing well, and what to do about it. */
export function addDoctorCommand(program: Command): void {
  addConfigOptions(program.command('doctor'))
    .description('examine this machine, the configuration and what it names, and tell what to do')
    .option('--upstream', 'connect to the upstream of a bridge instead, and tell what it can do')
    .addHelpText(
      'after',
      `
Nothing is changed. It ends with 0 where nothing is wrong, and with 1 where something would keep the server from its work.

Examples:
  seekyou doctor
  seekyou doctor --config bots.yml
  seekyou doctor --upstream`,
    )
    .action(async ({ upstream, ...flags }: ConfigFlags & { readonly upstream?: boolean }) => {
      if (upstream) {
        const [{ loadConfig }, { reportUpstreams }] = await Promise.all([
          import('../config.ts'),
          import('../upstream-report.ts'),
        ])
        const loaded = await loadConfig(flags.config, readOverrides(flags, process.env), process.env)
        process.stdout.write(`${(await reportUpstreams(loaded)).join('\n')}\n`)
        return
      }
      const { examine } = await import('../doctor.ts')
      const findings = await examine(flags.config, readOverrides(flags, process.env))
      for (const { verdict, subject, wording, advice } of findings) {
        process.stdout.write(`${MARKS[verdict]}  ${subject}: ${wording}\n`)
        if (advice !== undefined) process.stdout.write(`      ${advice}\n`)
      }
      const wrong = findings.filter(({ verdict }) => verdict === 'wrong').length
      if (wrong > 0) throw new ExpectedError(`${wrong} of ${findings.length} things are wrong`)
    })
}

const MARKS = { fine: 'ok   ', doubtful: 'look ', wrong: 'WRONG' } as const
