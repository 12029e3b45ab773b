import type { QueryClient } from '@tanstack/react-query'
import { writeClientCall, writeClientListener, writeCurl } from '../tools/call-text.ts'
import type { Call } from '../tools/call-text.ts'
import { openApiQuery, targetOf } from '../tools/contract-query.ts'
import { copyText } from '../kit/copy.ts'
import type { CopyForms } from '../tools/copy-menu.tsx'
import { eventName } from './record-filter.ts'
import type { Row } from './timeline.ts'

/** The forms in which a line can be copied. `note` is said in front of a copy that had to leave something out. */
export function copyFormsOf(row: Row, queries: QueryClient, note: string): CopyForms {
  const { entry, delivery } = row
  const { record } = entry
  const json = (): Promise<void> => copyText(JSON.stringify(delivery ?? record, null, 2))
  const call = callOf(row)
  if (!call) return { json }
  const remark = isShortened(call.params) ? note : ''
  return {
    json,
    async curl() {
      const target = targetOf(await queries.ensureQueryData(openApiQuery))
      await copyText((remark && `# ${remark}\n`) + writeCurl(call, target))
    },
    async client() {
      const { paths, ...openApi } = await queries.ensureQueryData(openApiQuery)
      const target = targetOf(openApi)
      const text =
        record.type === 'event' && !delivery
          ? writeClientListener(eventName(record.event), target)
          : writeClientCall(call, target, `/${call.action}` in paths)
      await copyText((remark && `// ${remark}\n`) + text)
    },
  }
}

/** What one would call to have the same happen again. */
function callOf({ entry: { record }, delivery }: Row): Call | undefined {
  if (delivery) {
    const { seq, link } = delivery
    return seq === undefined ? undefined : { action: 'inspect/replay', params: { seq, link } }
  }
  if (record.type === 'call') return { action: record.action, params: record.params }
  return record.type === 'event' ? { action: 'sandbox/emit', params: { event: record.event } } : undefined
}

/** Whether the server left something out when it showed a value. */
function isShortened(value: unknown): boolean {
  return /"\*\*\*"|access_token=\*\*\*|… \((?:\d+ (?:characters|bytes|more)|too deep to show)\)/.test(
    JSON.stringify(value) ?? '',
  )
}
