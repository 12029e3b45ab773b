import type { Command } from 'commander'
import { ExpectedError } from '../expected-error.ts'
import { addConfigOptions, readOverrides } from './config-options.ts'
import type { ConfigFlags } from './config-options.ts'

interface StartFlags extends ConfigFlags {
  readonly printReady?: boolean
  readonly inspectTraffic?: string
}

/** `seekyou` and `seekyou start`: serves until it is stopped. `commandNames` tells what else there is. */
export function addStartCommand(program: Command, commandNames: () => readonly string[]): void {
  addConfigOptions(program.command('start', { isDefault: true }))
    .description('serve; what is done when no command is named')
    .option('--print-ready', 'write one line of JSON on standard output once everything accepts')
    .option('--inspect-traffic <file>', 'append what /inspect/tap shows to this file as lines of JSON, without secrets')
    .addHelpText(
      'after',
      `
With no configuration it runs the sandbox, a simulated chat network, on http://127.0.0.1:5700.
SEEKYOU_TOKEN is the access token that clients must show.

Examples:
  seekyou
  seekyou --port 5701 --data-dir ./other
  seekyou --config bots.yml --print-ready`,
    )
    // It is the default, so it gets every word that is no command.
    .allowExcessArguments()
    .action(async (flags: StartFlags, { args: [word] }: Command) => {
      if (word !== undefined) {
        const { similarName } = await import('../similar-name.ts')
        const meant = similarName(word, commandNames())
        const hint = meant === undefined ? '--help lists what there is' : `did you mean ${meant}?`
        throw new ExpectedError(`There is no command ${JSON.stringify(word)}; ${hint}`)
      }
      const overrides = readOverrides(flags, process.env)
      const { serve } = await import('../serve.ts')
      await serve({
        file: flags.config,
        overrides,
        printReady: flags.printReady ?? false,
        traceFile: flags.inspectTraffic,
      })
    })
}
