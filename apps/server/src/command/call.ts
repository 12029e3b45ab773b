import type { Command } from 'commander'
import { ExpectedError } from '../expected-error.ts'
import { addRemoteOptions, ask } from './remote.ts'
import type { RemoteFlags } from './remote.ts'

/** `seekyou call <action> [key=value …]`: does an action on a running server. */
export function addCallCommand(program: Command): void {
  addRemoteOptions(program.command('call'))
    .description('do an action on a running server and print its data')
    .argument('<action>', 'its name, such as get_group_list')
    .argument('[params...]', 'key=value; a value that begins with { or [ is read as JSON')
    .addHelpText(
      'after',
      `
Examples:
  seekyou call get_login_info
  seekyou call send_group_msg group_id=20001 message='hi [CQ:at,qq=10001]'
  seekyou call send_private_msg user_id=10001 message='[{"type":"text","data":{"text":"hi"}}]'`,
    )
    .action(async (action: string, params: readonly string[], flags: RemoteFlags) => {
      const data = await ask(flags, encodeURIComponent(action), readParams(params))
      process.stdout.write(`${JSON.stringify(data, null, 2)}\n`)
    })
}

/** Params as `key=value`. @throws ExpectedError */
function readParams(params: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    params.map((param) => {
      const at = param.indexOf('=')
      if (at < 1) throw new ExpectedError(`a param is written key=value, not ${JSON.stringify(param)}`)
      return [param.slice(0, at), readValue(param.slice(0, at), param.slice(at + 1))]
    }),
  )
}

function readValue(key: string, text: string): unknown {
  if (!/^[{[]/.test(text) || text.startsWith('[CQ:')) return text
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ExpectedError(`the value of ${key} begins like JSON and is none: ${(error as Error).message}`)
  }
}
