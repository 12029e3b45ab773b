import { parseArgs } from 'node:util'
import type { Command } from 'commander'
import { ExpectedError } from '../expected-error.ts'
import { addConfigOptions, readOverrides } from './config-options.ts'
import type { ConfigFlags } from './config-options.ts'

interface StartFlags extends ConfigFlags {
  readonly printReady?: boolean | undefined
  readonly inspectTraffic?: string | undefined
}

/**
 * The flags of a command line that has nothing but flags of `start`, each of them whole; `undefined` for any other, which
 * the parser of all commands understands, or says what is wrong with.
 */
export function readStartFlags(args: readonly string[]): StartFlags | undefined {
  const [text, yes] = [{ type: 'string' }, { type: 'boolean' }] as const
  const options = {
    config: text,
    host: text,
    port: text,
    'data-dir': text,
    'strict-store': yes,
    'log-level': text,
    'print-ready': yes,
    'inspect-traffic': text,
  }
  try {
    const { values } = parseArgs({ args: [...args], options })
    return {
      config: values.config,
      host: values.host,
      port: values.port,
      dataDir: values['data-dir'],
      strictStore: values['strict-store'],
      logLevel: values['log-level'],
      printReady: values['print-ready'],
      inspectTraffic: values['inspect-traffic'],
    }
  } catch {
    return undefined
  }
}

/** Serves until it is stopped. @throws ExpectedError */
export async function startServer(flags: StartFlags): Promise<void> {
  const overrides = readOverrides(flags, process.env)
  const { serve } = await import('../serve.ts')
  await serve({
    file: flags.config,
    overrides,
    printReady: flags.printReady ?? false,
    traceFile: flags.inspectTraffic,
  })
}

/** `seekyou` and `seekyou start`: serves until it is stopped. */
export function addStartCommand(program: Command): void {
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
        const names = program.commands.map((command) => command.name())
        if (names.includes(word)) throw new ExpectedError(`The command comes first: seekyou ${word} …`)
        const { similarName } = await import('../similar-name.ts')
        const meant = similarName(word, names)
        const hint = meant === undefined ? '--help lists what there is' : `did you mean ${meant}?`
        throw new ExpectedError(`There is no command ${JSON.stringify(word)}; ${hint}`)
      }
      await startServer(flags)
    })
}
