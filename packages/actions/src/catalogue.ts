import type * as z from 'zod'
import { contactActions } from './chapter/contact.ts'
import { groupActions } from './chapter/group.ts'
import { mediaActions } from './chapter/media.ts'
import { messageActions } from './chapter/message.ts'
import { serverActions } from './chapter/server.ts'

/** Every action, by its wire name, chapter by chapter. */
export const catalogue = {
  ...messageActions,
  ...contactActions,
  ...groupActions,
  ...mediaActions,
  ...serverActions,
}

export type ActionName = keyof typeof catalogue

/** An action's parameters as its handler gets them: checked, defaults filled in, message as segments. */
export type ParamsOf<Name extends ActionName> = z.output<(typeof catalogue)[Name]['params']>

/** What an action answers as `data`. */
export type DataOf<Name extends ActionName> = z.output<(typeof catalogue)[Name]['data']>

/** What a backend can implement: any of the actions, by name. */
export type BackendActions = {
  readonly [Name in ActionName]?: (params: ParamsOf<Name>) => Promise<DataOf<Name>>
}
