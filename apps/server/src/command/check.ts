import type { Command } from 'commander'
import { ConfigError } from '../config-error.ts'
import type { Problem } from '../config-error.ts'
import { ExpectedError } from '../expected-error.ts'
import { addConfigOptions, readOverrides } from './config-options.ts'
import type { ConfigFlags } from './config-options.ts'

interface CheckFlags extends ConfigFlags {
  readonly json?: boolean
}

/** `seekyou check`: whether a configuration can be used, and what it comes to. */
export function addCheckCommand(program: Command): void {
  addConfigOptions(program.command('check'))
    .description('tell whether the configuration can be used, and what it comes to')
    .argument('[file]', 'the configuration, as --config has it')
    .option('--json', 'answer in JSON: { ok, file, config, origins, notes } or { ok, problems }')
    .addHelpText(
      'after',
      `
It reads the configuration and the files it names (filters, worlds, certificates, folders), opens no port and starts nothing.
What it prints is the whole configuration with its defaults; secrets are masked. A value that is no default has where it
comes from behind it: a flag, a variable of the environment, a line of the file.

Examples:
  seekyou check
  seekyou check bots.yml --json
  seekyou check ~/go-cqhttp/config.yml`,
    )
    .action(async (file: string | undefined, { json, ...flags }: CheckFlags) => {
      if (file !== undefined && flags.config !== undefined) {
        throw new ExpectedError('The configuration is named twice: as an argument and by --config')
      }
      const overrides = readOverrides(flags, process.env)
      const [{ loadConfig }, { checkNamedFiles, notesOn }, { maskSecrets, originsOf, writeYaml }] = await Promise.all([
        import('../config.ts'),
        import('../config-check.ts'),
        import('../config-print.ts'),
      ])
      try {
        const loaded = await loadConfig(file ?? flags.config, overrides, process.env)
        const problems = await checkNamedFiles(loaded)
        if (problems.length > 0) throw new ConfigError(problems)
        const notes = [...loaded.notes, ...(await notesOn(loaded))]
        const config = maskSecrets(loaded.config) as object
        if (json) {
          const origins = originsOf(loaded.config, loaded.origin)
          process.stdout.write(`${JSON.stringify({ ok: true, file: loaded.file, config, origins, notes })}\n`)
          return
        }
        for (const note of notes) process.stderr.write(`note: ${note}\n`)
        const isItem = (path: readonly PropertyKey[]) => typeof path.at(-1) === 'number'
        process.stdout.write(writeYaml(config, (path) => (isItem(path) ? undefined : loaded.origin(path))))
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error
        if (!json) throw new ExpectedError(error.message, { exitCode: 2, cause: error })
        process.stdout.write(`${JSON.stringify({ ok: false, problems: error.problems.map(inJson) })}\n`)
        process.exitCode = 2
      }
    })
}

function inJson({ sentence, at, excerpt }: Problem): object {
  return { message: sentence, ...at, ...(excerpt !== undefined && { excerpt }) }
}
