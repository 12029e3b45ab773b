import { resolve } from 'node:path'
import type { Command } from 'commander'
import { ExpectedError } from '../expected-error.ts'

interface ImportFlags {
  readonly output: string
  readonly force?: boolean
}

/** `seekyou import`: the configuration of another program, as one of our own. */
export function addImportCommand(program: Command): void {
  program
    .command('import')
    .description('write the seekyou.yml that comes to the same as a configuration of go-cqhttp or CQHTTP')
    .argument('<file>', 'config.yml of go-cqhttp; config.ini, config.cfg or config.json of CQHTTP')
    .option('-o, --output <file>', 'the file to write; - for standard output', 'seekyou.yml')
    .option('--force', 'overwrite the file if it is there')
    .addHelpText(
      'after',
      `
Each value says in a remark where it comes from; what has no meaning here is listed at the top, with the reason. What the
original takes from the environment is taken from there still. Only its owner can read the new file. Such a configuration
can also be used as it is: seekyou --config config.yml.

Examples:
  seekyou import config.yml
  seekyou import ~/go-cqhttp/config.yml -o bots/seekyou.yml
  seekyou import config.ini -o -`,
    )
    .action(async (file: string, { output, force }: ImportFlags) => {
      if (resolve(output) === resolve(file))
        throw new ExpectedError('A configuration is not written over what it is made of')
      const [{ loadConfig }, { importedText }, { writeConfigFile }] = await Promise.all([
        import('../config.ts'),
        import('../config-import-file.ts'),
        import('../config-write.ts'),
      ])
      const loaded = await loadConfig(file, {}, process.env, { isServed: false })
      const text = importedText(loaded, output)
      if (output === '-') {
        process.stdout.write(text)
        return
      }
      await writeConfigFile(output, text, { force: force ?? false })
      const { length } = loaded.notes
      process.stdout.write(
        `${output} is written${length > 0 ? `; ${length} remarks on what means something else here are at its top` : ''}\nseekyou check ${output} tells whether it can be served with\n`,
      )
    })
}
