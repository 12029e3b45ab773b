/** Names of keys and fields whose values reach no log and no message. */
export const secretNames: readonly string[] = ['access_token', 'secret', 'token', 'authorization', 'Authorization']

/** A text without what a URL in it may carry for its receiver alone. */
export function withoutUrlSecrets(text: string): string {
  return text
    .replaceAll(/([a-z][\w+.-]{0,20}:\/\/)[^\s/@"']+@/gi, '$1…@')
    .replaceAll(/([?&](?:access_)?token=)[^&#\s"'}\],]+/gi, '$1…')
}
