import { refuse } from './rule.ts'

const limits = { maxBuffer: 30 * 1024 * 1024, timeout: 30_000, encoding: 'buffer' } as const

/** Speaks a text with espeak-ng, where this machine has it. @returns a WAV file. */
export async function speak(text: string): Promise<Uint8Array> {
  const voice = /\p{Script=Han}/u.test(text) ? 'cmn' : 'en'
  const { execFile } = await import('node:child_process')
  return new Promise((resolve, reject) => {
    const speaker = execFile('espeak-ng', ['--stdin', '--stdout', '-v', voice], limits, (error, sound) => {
      if (!error && sound.length > 0) resolve(sound)
      else reject(unspoken(error))
    })
    // Who does not listen to the end has said so by its exit already.
    speaker.stdin?.on('error', () => {})
    speaker.stdin?.end(text)
  })
}

function unspoken(error: Error | null): unknown {
  const isAbsent = error && 'code' in error && error.code === 'ENOENT'
  try {
    return isAbsent
      ? refuse(
          'TTS_UNAVAILABLE',
          'the sandbox speaks with espeak-ng, which is not on the PATH of this machine; install it, or send a record',
        )
      : refuse('TTS_FAILED', 'espeak-ng could not speak this text; send a record instead')
  } catch (refusal) {
    return refusal
  }
}
