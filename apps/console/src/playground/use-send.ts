import { useState } from 'react'
import { send } from './send.ts'
import type { Response } from './send.ts'

/** Sends one call at a time, and keeps what came back for the last one. */
export function useSend() {
  const [response, setResponse] = useState<Response | Error>()
  const [isBusy, setBusy] = useState(false)
  const sendCall = async (...call: Parameters<typeof send>): Promise<void> => {
    if (isBusy) return
    setBusy(true)
    try {
      setResponse(await send(...call))
    } catch (error) {
      setResponse(error as Error)
    }
    setBusy(false)
  }
  return { response, isBusy, sendCall }
}
