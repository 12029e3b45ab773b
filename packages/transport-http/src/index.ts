// The HTTP API
export { createHttpServer } from './server.ts'
export type { HttpServer } from './server.ts'
export type { HttpRoutes, PageGate } from './pages.ts'
export { eventRoutes } from './event-routes.ts'
export { createMediaSeal } from './media-seal.ts'
export type { MediaSeal } from './media-seal.ts'
export { createSessions } from './sessions.ts'
export type { Sessions } from './sessions.ts'
export { isKnownHost } from './known-host.ts'
export { ListenFailed } from './listen-failed.ts'
export { httpServerOptions } from './options.ts'
export type { HttpServerOptions } from './options.ts'

// Webhooks
export { createWebhook } from './webhook.ts'
export type { Webhook } from './webhook.ts'
export { webhookOptions } from './options.ts'
export type { WebhookOptions } from './options.ts'
