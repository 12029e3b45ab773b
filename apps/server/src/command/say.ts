import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import { addRemoteOptions, ask } from './remote.ts'
import type { RemoteFlags } from './remote.ts'

interface SayFlags extends RemoteFlags {
  readonly as: number
  readonly group?: number
  readonly discuss?: number
}

/** `seekyou say <message> --as <number>`: speaks as someone on the other side of a sandbox. */
export function addSayCommand(program: Command): void {
  addRemoteOptions(program.command('say'))
    .description('say something as a person of the sandbox, and print the ids of the message')
    .argument('<message>', 'text, with CQ codes if you like')
    .requiredOption('--as <number>', 'who says it', readNumber)
    .option('--group <number>', 'in this group; with no chat named, to the bot in private', readNumber)
    .option('--discuss <number>', 'in this discuss group', readNumber)
    .addHelpText(
      'after',
      `
Examples:
  seekyou say hello --as 10001
  seekyou say 'good morning [CQ:at,qq=10000]' --as 10001 --group 20001`,
    )
    .action(async (message: string, { as, group, discuss, ...flags }: SayFlags) => {
      const chat = {
        ...(group !== undefined && { group_id: group }),
        ...(discuss !== undefined && { discuss_id: discuss }),
      }
      const said = await ask(flags, 'sandbox/say', { as, message, ...chat })
      process.stdout.write(`${JSON.stringify(said)}\n`)
    })
}

function readNumber(text: string): number {
  if (/^[1-9]\d{0,15}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It takes a number such as 10001.')
}
