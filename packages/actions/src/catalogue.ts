import type * as z from 'zod'
import { contactActions } from './chapter/contact.ts'
import { forwardActions } from './chapter/forward.ts'
import { groupActions } from './chapter/group.ts'
import { groupFileActions } from './chapter/group-file.ts'
import { groupManagementActions } from './chapter/group-management.ts'
import { guildActions } from './chapter/guild.ts'
import { historyActions } from './chapter/history.ts'
import { mediaActions } from './chapter/media.ts'
import { messageActions } from './chapter/message.ts'
import { reactionActions } from './chapter/reaction.ts'
import { requestActions } from './chapter/request.ts'
import { serverActions } from './chapter/server.ts'

/** Every action, in the chapters of the standards. */
export const chapters = {
  message: messageActions,
  forward: forwardActions,
  history: historyActions,
  reaction: reactionActions,
  contact: contactActions,
  group: groupActions,
  'group-management': groupManagementActions,
  request: requestActions,
  'group-file': groupFileActions,
  guild: guildActions,
  media: mediaActions,
  server: serverActions,
}

/** Every action, by its wire name, chapter by chapter. */
export const catalogue = {
  ...chapters.message,
  ...chapters.forward,
  ...chapters.history,
  ...chapters.reaction,
  ...chapters.contact,
  ...chapters.group,
  ...chapters['group-management'],
  ...chapters.request,
  ...chapters['group-file'],
  ...chapters.guild,
  ...chapters.media,
  ...chapters.server,
}

export type ActionName = keyof typeof catalogue

/** An action's parameters as its handler gets them: checked, defaults filled in, message as segments. */
export type ParamsOf<Name extends ActionName> = z.output<(typeof catalogue)[Name]['params']>

/** What an action answers as `data`. */
export type DataOf<Name extends ActionName> = z.output<(typeof catalogue)[Name]['data']>

/** What a backend gives for an action: its data, or what the data is made from. */
export type SourceOf<Name extends ActionName> = z.output<NonNullable<(typeof catalogue)[Name]['source']>>

/** What a backend can implement: any of the actions, by name. */
export type BackendActions = {
  readonly [Name in ActionName]?: (params: ParamsOf<Name>) => Promise<SourceOf<Name>>
}
