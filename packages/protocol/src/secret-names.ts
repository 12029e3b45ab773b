/** Names of keys and fields whose values reach no log and no message. */
export const secretNames: readonly string[] = ['access_token', 'secret', 'token', 'authorization', 'Authorization']
