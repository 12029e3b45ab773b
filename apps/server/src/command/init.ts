import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import type { InitAnswers } from '../config-init.ts'
import { ExpectedError } from '../expected-error.ts'
import { readPort } from './config-options.ts'

interface InitFlags extends Omit<InitAnswers, 'port'> {
  readonly output: string
  readonly yes?: boolean
  readonly port?: string
}

/** `seekyou init`: a first configuration. */
export function addInitCommand(program: Command): void {
  program
    .command('init')
    .description('write a first seekyou.yml; asks what it should say, in a terminal')
    .option('-y, --yes', 'ask nothing: what no flag says has its default')
    .option('--backend <type>', 'sandbox, or onebot for a real account (default: sandbox, or onebot with --upstream)')
    .option('--upstream <url>', 'of onebot: where the implementation that has the account listens')
    .option('--upstream-token <token>', 'of onebot: the access token that it asks for')
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--port <number>', 'port to listen on, 0 for any free one (default: 5700)')
    .option('--token <token>', 'the token that clients must show (default: none on 127.0.0.1, else one by chance)')
    .option('--connect <url>', 'where a bot program waits for us: ws:// or wss://, or http:// or https:// for webhooks')
    .option('--format <format>', 'messages as string (CQ codes) or array (segments) (default: string)')
    .option('-o, --output <file>', 'the file to write', 'seekyou.yml')
    .addHelpText(
      'after',
      `
A file that is there is never overwritten. Only its owner can read the new one. Where others can reach the listener it
has a token, made by chance unless one is given, which is told once it is written.

Examples:
  seekyou init
  seekyou init --yes
  seekyou init --yes --host 0.0.0.0 --connect ws://127.0.0.1:8080/onebot/v11/ws
  seekyou init --yes --backend onebot --upstream ws://127.0.0.1:3001 --upstream-token secret`,
    )
    .action(async ({ output, yes, port, ...flags }: InitFlags) => {
      if (existsSync(output)) throw new ExpectedError(`${output} is there already, and is not overwritten`)
      if (!yes && !process.stdin.isTTY) {
        throw new ExpectedError('There is no terminal to ask in; --yes writes what the flags and the defaults say')
      }
      const given = { ...flags, port: readPort('--port', port) }
      const { initialConfig } = await import('../config-init.ts')
      // What the flags say is judged before anything is asked.
      initialConfig(
        { ...given, ...(given.backend === 'onebot' && { upstream: given.upstream ?? 'ws://127.0.0.1:3001' }) },
        output,
      )
      const answers = yes ? given : await ask(given)
      const { text, token } = initialConfig(answers, output)
      const { writeConfigFile } = await import('../config-write.ts')
      await writeConfigFile(output, text)
      process.stdout.write(`${output} is written.\n`)
      if (token !== undefined) process.stdout.write(`Clients must show this token: ${token}\n`)
      const named = output === 'seekyou.yml' ? '' : ` --config ${output}`
      process.stdout.write(`Start the server: seekyou${named}\n`)
    })
}

async function ask(given: InitAnswers): Promise<InitAnswers> {
  const { askForAnswers } = await import('../init-questions.ts')
  return askForAnswers(given, { input: process.stdin, output: process.stdout })
}
