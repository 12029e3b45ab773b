import { systemClock } from '@seekyou/protocol'
import { expect, it, vi } from 'vitest'

it("the machine's clock runs a timer once, unless it is called off", () => {
  vi.useFakeTimers({ now: 1_000 })
  try {
    const run = vi.fn<() => void>()
    const calledOff = vi.fn<() => void>()
    systemClock.setTimeout(run, 50)
    systemClock.setTimeout(calledOff, 50).cancel()
    vi.advanceTimersByTime(200)
    expect(run).toHaveBeenCalledOnce()
    expect(calledOff).not.toHaveBeenCalled()
    expect(systemClock.now()).toBe(1_200)
  } finally {
    vi.useRealTimers()
  }
})
