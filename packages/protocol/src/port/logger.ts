type Write = (fields: object, message: string) => void

/** Where a room writes what an operator should know; pino's shape. Never given a token or a secret. */
export interface Logger {
  readonly debug: Write
  readonly info: Write
  readonly warn: Write
  readonly error: Write
  child(fields: object): Logger
}
